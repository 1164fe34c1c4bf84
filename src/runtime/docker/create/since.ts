import { NotSupportedError } from '../../../errors.ts';
import { fieldOf, fields } from '../../fields.ts';
import type { ContainerSpec, MountRequest, SettingName } from '../../container.ts';
import { isOlder } from '../connect/version.ts';

type Uses = readonly [what: string, since: string, uses: (spec: ContainerSpec) => boolean];

function anyMount(test: (mount: MountRequest) => unknown): Uses[2] {
  return ({ mounts = [] }) => mounts.some((mount) => Boolean(test(mount)));
}

/** Parts of settings that came later than the setting. An older engine would ignore them without a word. */
const parts: readonly Uses[] = [
  ['a mount that makes its source', '1.42', anyMount((mount) => mount.bindOptions?.createMountpoint)],
  ['a mount that is recursively read-only', '1.44', anyMount((mount) => mount.bindOptions?.readOnlyForceRecursive)],
  ['a mount that is not recursively read-only', '1.44', anyMount((mount) => mount.bindOptions?.readOnlyNonRecursive)],
  ['a part of a volume (subpath)', '1.45', anyMount((mount) => mount.volumeOptions?.subpath)],
  ['options of a tmpfs mount', '1.46', anyMount((mount) => mount.tmpfsOptions?.options)],
  ['a mount of an image', '1.48', anyMount((mount) => mount.type === 'image')],
  ['start interval of a healthcheck', '1.44', ({ healthcheck }) => healthcheck?.startInterval !== undefined],
  [
    'gateway priority of a network',
    '1.48',
    ({ networks = {} }) => Object.values(networks).some(({ gwPriority }) => gwPriority !== undefined),
  ],
];

const whole: readonly Uses[] = [...fieldOf].flatMap(([setting, name]): Uses[] => {
  const field = fields[name];
  const since = field?.rule === 'cloned' ? field.since : undefined;
  return since === undefined ? [] : [[name, since, (spec) => spec[setting satisfies SettingName] !== undefined]];
});

/** @throws NotSupportedError for what is newer than this version of the API */
export function checkVersion(spec: ContainerSpec, apiVersion: string): void {
  for (const [what, since, uses] of [...whole, ...parts]) {
    if (!isOlder(apiVersion, since) || !uses(spec)) continue;
    throw new NotSupportedError(`${what} needs API ${since} or newer; this engine speaks ${apiVersion}`);
  }
}
