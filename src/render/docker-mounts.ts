import { type Json, type Members, membersOf } from './members.ts';
import type { Said } from './docker-rules.ts';
import { note, type Note } from './rendering.ts';
import { csv } from './words.ts';

type Field = string | Note;

/** Fields of `--mount`. */
const fields: readonly ((mount: Members) => readonly Field[])[] = [
  (mount) => pair('type', mount.text('Type')),
  (mount) => pair('source', mount.text('Source')),
  (mount) => pair('target', mount.text('Target')),
  (mount) => pair('consistency', mount.text('Consistency')),
  bindFields,
  volumeFields,
  (mount) => pair('image-subpath', mount.inner('ImageOptions').text('Subpath')),
  tmpfsFields,
];

export function dockerMounts(host: Members): Said[] {
  const mounts = host.objects('Mounts');
  return mounts.flatMap((asked, at) => {
    const path = `${host.pathOf('Mounts')}.${at}`;
    return asVolume(asked, path) ?? asMount(membersOf(asked, path));
  });
}

function asMount(mount: Members): Said[] {
  const said = fields.flatMap((field) => field(mount));
  const words = said.filter((field) => typeof field === 'string');
  return [
    { flag: '--mount', value: csv(words) },
    ...said.filter((field) => typeof field !== 'string'),
    ...mount.left().map((path) => note(path, 'docker run cannot say this of a mount')),
  ];
}

/** Only `--volume` has the engine make a folder that is missing; undefined where it cannot say the rest. */
function asVolume(asked: Json, path: string): Said[] | undefined {
  const mount = membersOf(asked, path);
  const options = mount.inner('BindOptions');
  if (mount.text('Type') !== 'bind' || !options.flag('CreateMountpoint')) return undefined;
  const [source = '', target = ''] = [mount.text('Source'), mount.text('Target')];
  const [readOnly, propagation] = [mount.flag('ReadOnly'), options.text('Propagation')];
  if (!source.startsWith('/') || `${source}${target}`.includes(':') || mount.left().length > 0) return undefined;
  const modes = [...(readOnly ? ['ro'] : []), ...(propagation ? [propagation] : [])].join(',');
  return [
    { flag: '--volume', value: [source, target, ...(modes === '' ? [] : [modes])].join(':') },
    note(options.pathOf('CreateMountpoint'), 'said by --volume, so that this mount is among the binds'),
  ];
}

function pair(name: string, value: string | undefined): string[] {
  return value ? [`${name}=${value}`] : [];
}

/** The command line wants more beside a recursively read-only mount than the engine does. */
function bindFields(mount: Members): Field[] {
  const options = mount.inner('BindOptions');
  const readOnly = mount.flag('ReadOnly') ?? false;
  const propagation = options.text('Propagation');
  const forced = options.flag('ReadOnlyForceRecursive') ?? false;
  const writable = options.flag('ReadOnlyNonRecursive') ?? false;
  const sayable = readOnly && (!forced || propagation === 'rprivate');
  return [
    ...(readOnly ? ['readonly'] : []),
    ...pair('bind-propagation', propagation),
    // By this name old command lines know it, too.
    ...(options.flag('NonRecursive') ? ['bind-nonrecursive'] : []),
    ...(writable && sayable ? ['bind-recursive=writable'] : []),
    ...(forced && sayable ? ['bind-recursive=readonly'] : []),
    ...((writable || forced) && !sayable
      ? [note(options.path, 'docker run wants readonly, and for bind-recursive=readonly rprivate, beside it')]
      : []),
  ];
}

function volumeFields(mount: Members): Field[] {
  const options = mount.inner('VolumeOptions');
  const driver = options.inner('DriverConfig');
  return [
    ...(options.flag('NoCopy') ? ['volume-nocopy'] : []),
    ...pairs('volume-label', options, 'Labels'),
    ...pair('volume-driver', driver.text('Name')),
    ...pairs('volume-opt', driver, 'Options'),
    ...pair('volume-subpath', options.text('Subpath')),
  ];
}

function pairs(name: string, members: Members, member: string): Field[] {
  return Object.entries(members.map(member) ?? {}).map(([key, value]) =>
    key === '' || key.includes('=')
      ? note(members.pathOf(member), 'a name is not empty and has no = in it')
      : `${name}=${key}=${value}`,
  );
}

function tmpfsFields(mount: Members): Field[] {
  const options = mount.inner('TmpfsOptions');
  const [size, mode] = [options.number('SizeBytes'), options.number('Mode')];
  return [
    ...(size ? [`tmpfs-size=${size}`] : []),
    ...(mode ? [`tmpfs-mode=${mode.toString(8).padStart(4, '0')}`] : []),
  ];
}
