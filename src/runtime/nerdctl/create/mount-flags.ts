import type { MountRequest } from '../../settings.ts';
import { notSupported } from '../command/words.ts';

type Words = readonly string[];

/** As they are: `-v` takes what Docker's takes, and a comma in a path too. */
export function bindFlags(binds: Words): Words {
  return binds.flatMap((bind) => ['--volume', bind]);
}

export function tmpfsFlags(tmpfs: Readonly<Record<string, string>>): Words {
  return Object.entries(tmpfs).flatMap(([target, options]) => [
    '--tmpfs',
    options === '' ? target : `${target}:${options}`,
  ]);
}

export function mountFlags(mounts: readonly MountRequest[]): Words {
  return mounts.flatMap(flagsOf);
}

function flagsOf(mount: MountRequest): Words {
  const { type, source, target } = mount;
  if (!['bind', 'volume', 'tmpfs'].includes(type)) throw notSupported(`mount of type ${type} (${target})`);
  refuseRest(mount);
  // An anonymous volume.
  if (type === 'volume' && source === undefined) return ['--volume', mount.readOnly ? `${target}:ro` : target];
  const fields = fieldsOf(mount);
  if (fields.every((field) => !/[,"\n]/.test(field))) return ['--mount', fields.join(',')];
  // nerdctl splits it at each comma, whatever stands around.
  if (type === 'tmpfs' || source === undefined || `${source}${target}`.includes(':'))
    throw notSupported(`mount with such a path: ${source ?? ''} at ${target}`);
  const options = [mount.readOnly ? 'ro' : 'rw', mount.bindOptions?.propagation].filter(
    (option) => option !== undefined,
  );
  return ['--volume', [source, target, options.join(',')].join(':')];
}

function fieldsOf({ type, source, target, readOnly, bindOptions, tmpfsOptions }: MountRequest): string[] {
  return [
    `type=${type}`,
    ...(source === undefined ? [] : [`source=${source}`]),
    `target=${target}`,
    ...(readOnly ? [bindOptions?.readOnlyForceRecursive ? 'rro' : 'readonly'] : []),
    ...(bindOptions?.propagation === undefined ? [] : [`bind-propagation=${bindOptions.propagation}`]),
    ...(bindOptions?.nonRecursive ? ['bind-nonrecursive'] : []),
    ...(tmpfsOptions?.sizeBytes === undefined ? [] : [`tmpfs-size=${tmpfsOptions.sizeBytes}`]),
    ...(tmpfsOptions?.mode === undefined ? [] : [`tmpfs-mode=${tmpfsOptions.mode.toString(8)}`]),
  ];
}

function refuseRest({ target, volumeOptions, imageOptions, tmpfsOptions }: MountRequest): void {
  const { noCopy, labels, driverConfig, subpath } = volumeOptions ?? {};
  const what = {
    'option volume-nocopy': noCopy,
    'labels of a volume': labels && Object.keys(labels).length > 0,
    'drivers of volumes': driverConfig && driverConfig.name !== 'local',
    'options of the volume driver': driverConfig?.options && Object.keys(driverConfig.options).length > 0,
    'part of a volume (subpath)': subpath ?? imageOptions?.subpath,
    'options of a tmpfs mount': tmpfsOptions?.options?.length,
  };
  const used = Object.entries(what).find(([, value]) => Boolean(value));
  if (used !== undefined) throw notSupported(`${used[0]}, which the mount at ${target} asks for`);
}
