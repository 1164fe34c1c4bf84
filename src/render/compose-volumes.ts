import type { Json, Members } from './members.ts';
import { type Note, note } from './rendering.ts';
import { bytes } from './words.ts';

export interface ComposeVolumes {
  readonly volumes: readonly Json[];
  /** Names of volumes that have to be there. */
  readonly external: readonly string[];
  readonly notes: readonly Note[];
}

interface Volume {
  readonly volume?: Json;
  readonly external?: string;
  readonly notes?: readonly Note[];
}

/** In the long form, as only that takes every path. */
export function composeVolumes(body: Members, host: Members): ComposeVolumes {
  const path = host.pathOf('Binds');
  const all: Volume[] = [
    ...(host.texts('Binds') ?? []).map((bind) => ofBind(bind, path)),
    ...body.set('Volumes').map((target) => ({ volume: { type: 'volume', target } })),
    ...host.each('Mounts').map(ofMount),
  ];
  return {
    volumes: all.flatMap(({ volume }) => (volume === undefined ? [] : [volume])),
    external: [...new Set(all.flatMap(({ external }) => external ?? []))],
    notes: all.flatMap(({ notes }) => notes ?? []),
  };
}

const propagations = /^r?(?:private|shared|slave)$/;
const consistencies = /^(?:consistent|cached|delegated|default)$/;

/** `source:target[:options]` */
function ofBind(bind: string, path: string): Volume {
  const [source = '', target = '', modes = '', ...more] = bind.split(':');
  if (source === '' || target === '' || more.length > 0) return { notes: [note(path, 'one that compose cannot say')] };
  const options = modes.split(',').filter((mode) => mode !== '' && mode !== 'rw');
  const propagation = options.find((option) => propagations.test(option));
  const selinux = options.find((option) => /^z$/i.test(option));
  const nocopy = options.includes('nocopy');
  const isPath = source.startsWith('/');
  const unknown = options.filter(
    (option) =>
      !['ro', 'nocopy'].includes(option) && ![propagation, selinux].includes(option) && !consistencies.test(option),
  );
  return {
    volume: {
      type: isPath ? 'bind' : 'volume',
      source,
      target,
      ...(options.includes('ro') && { read_only: true }),
      ...(isPath && {
        bind: { create_host_path: true, ...(propagation && { propagation }), ...(selinux && { selinux }) },
      }),
      ...(nocopy && !isPath && { volume: { nocopy } }),
    },
    ...(!isPath && { external: source }),
    notes: [
      ...unknown.map(() => note(path, 'one with an option that compose does not know')),
      ...(options.some((option) => consistencies.test(option))
        ? [note(path, 'compose says no consistency, which makes a difference on macOS only')]
        : []),
      ...(isPath && nocopy ? [note(path, 'nothing is copied into a bind')] : []),
      ...(!isPath && (propagation ?? selinux) !== undefined
        ? [note(path, 'compose takes this option for binds only')]
        : []),
    ],
  };
}

function ofMount(mount: Members): Volume {
  const type = mount.text('Type') ?? 'volume';
  const source = mount.text('Source');
  const consistency = mount.text('Consistency');
  const { options = {}, notes = [] } = optionsOf[type]?.(mount) ?? {};
  return {
    volume: {
      type,
      ...(source && { source }),
      target: mount.text('Target'),
      ...(mount.flag('ReadOnly') && { read_only: true }),
      ...(consistency && { consistency }),
      ...(Object.keys(options).length > 0 && { [type]: options }),
    },
    ...(type === 'volume' && source && { external: source }),
    notes,
  };
}

interface Options {
  readonly options: Json;
  readonly notes?: readonly Note[];
}

/** Those of other kinds are left. */
const optionsOf: Readonly<Record<string, (mount: Members) => Options>> = {
  bind: bindOptions,
  volume(mount) {
    const options = mount.inner('VolumeOptions');
    const [nocopy, labels, subpath] = [options.flag('NoCopy'), options.map('Labels') ?? {}, options.text('Subpath')];
    return {
      options: {
        ...(nocopy && { nocopy }),
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(subpath && { subpath }),
      },
    };
  },
  tmpfs(mount) {
    const options = mount.inner('TmpfsOptions');
    const [size, mode] = [options.number('SizeBytes'), options.number('Mode')];
    return { options: { ...(size && { size: bytes(size) }), ...(mode && { mode }) } };
  },
  image(mount) {
    const subpath = mount.inner('ImageOptions').text('Subpath');
    return { options: { ...(subpath && { subpath }) } };
  },
};

/** Said even when it is false: else compose makes a bind of it, for which the engine makes a folder that is missing. */
function bindOptions(mount: Members): Options {
  const options = mount.inner('BindOptions');
  const propagation = options.text('Propagation');
  const [recursive, ...more] = [
    ...(options.flag('NonRecursive') ? ['disabled'] : []),
    ...(options.flag('ReadOnlyNonRecursive') ? ['writable'] : []),
    ...(options.flag('ReadOnlyForceRecursive') ? ['readonly'] : []),
  ];
  return {
    options: {
      create_host_path: options.flag('CreateMountpoint') ?? false,
      ...(propagation && { propagation }),
      ...(recursive && { recursive }),
    },
    notes: more.length > 0 ? [note(options.path, 'compose takes one way of recursion')] : [],
  };
}
