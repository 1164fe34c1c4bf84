import type { ContainerRecord } from '../runtime/container.ts';
import type { ContainerSettings, MountRequest } from '../runtime/settings.ts';
import { leave, type Part } from './left-out.ts';
import { sensitiveSource } from './sensitive.ts';

/** One kind of thing by which a container could harm its host: what there is of it, and the settings without it. */
type Power = (settings: ContainerSettings) => {
  readonly names: readonly string[];
  readonly without: ContainerSettings;
};

const namespaces = {
  pidMode: 'process',
  networkMode: 'network',
  ipcMode: 'IPC',
  utsMode: 'UTS',
  usernsMode: 'user',
} as const;

/** Those with which a process can get at the host, its memory or its other containers. */
const strong =
  /^(?:CAP_)?(?:ALL|SYS_(?:ADMIN|BOOT|MODULE|PTRACE|RAWIO|TIME)|SYSLOG|NET_ADMIN|DAC_READ_SEARCH|BPF|PERFMON|MAC_(?:ADMIN|OVERRIDE))$/i;
const weakening = /^(?:(?:seccomp|apparmor)[=:]unconfined|label[=:](?:disable|type:spc_t)|systempaths=unconfined)$/;

const powers: readonly Power[] = [
  ({ privileged }) => ({ names: privileged ? ['privileged'] : [], without: { privileged: undefined } }),
  ...Object.entries(namespaces).map(([setting, name]): Power => (settings) => ({
    names: settings[setting as keyof typeof namespaces] === 'host' ? [`the host's ${name} namespace`] : [],
    without: { [setting]: undefined },
  })),
  ({ capAdd = [] }) => ({
    names: capAdd.filter((name) => strong.test(name)).map((name) => `capability ${name}`),
    without: { capAdd: filled(capAdd.filter((name) => !strong.test(name))) },
  }),
  ({ securityOpt = [] }) => ({
    names: securityOpt.filter((option) => weakening.test(option)),
    without: { securityOpt: filled(securityOpt.filter((option) => !weakening.test(option))) },
  }),
  ({ maskedPaths, readonlyPaths }) => ({
    names: (maskedPaths ?? readonlyPaths) ? ["the kernel's files unmasked"] : [],
    without: { maskedPaths: undefined, readonlyPaths: undefined },
  }),
  ({ devices = [] }) => ({
    names: devices.map(({ pathOnHost }) => `device ${pathOnHost}`),
    without: { devices: undefined },
  }),
  ({ deviceCgroupRules = [] }) => ({
    names: deviceCgroupRules.map((rule) => `devices ${rule}`),
    without: { deviceCgroupRules: undefined },
  }),
  ({ binds = [] }) => ({
    names: binds.flatMap((bind) => sensitiveBind(bind) ?? []),
    without: { binds: filled(binds.filter((bind) => sensitiveBind(bind) === undefined)) },
  }),
  ({ mounts = [] }) => ({
    names: mounts.flatMap((mount) => sensitiveMount(mount) ?? []),
    without: { mounts: filled(mounts.filter((mount) => sensitiveMount(mount) === undefined)) },
  }),
];

function sensitiveBind(bind: string): string | undefined {
  const [source = '', , options = ''] = bind.split(':');
  return sensitiveSource(source, options.split(',').includes('ro'));
}

/** The driver of local volumes mounts a folder of the host where it is told to. */
function sensitiveMount({ type, source = '', readOnly = false, volumeOptions }: MountRequest): string | undefined {
  const { o = '', device = '' } = volumeOptions?.driverConfig?.options ?? {};
  if (type === 'volume' && o.split(',').some((option) => /^r?bind$/.test(option)))
    return sensitiveSource(device, readOnly);
  return type === 'bind' ? sensitiveSource(source, readOnly) : undefined;
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** What a sibling could harm its host with; people should know that they pass it on. */
export function powersOf(settings: ContainerSettings): string[] {
  return [...new Set(powers.flatMap((power) => power(settings).names))];
}

/** The settings without any of that; what takes power away from a container stays. */
export function withoutPowers(own: ContainerSettings, self: ContainerRecord): Part {
  const found = powers.map((power) => power(own)).filter(({ names }) => names.length > 0);
  const leftOut = found.flatMap(({ names }) =>
    names.map((setting) => ({ setting, reason: 'OFFSHOOT_INHERIT=safe leaves what could harm the host behind' })),
  );
  const settings: ContainerSettings = Object.assign(
    { ...own },
    ...found.map(({ without }) => without),
  ) as ContainerSettings;
  // What comes from another container may be anything; only the engine's resolved mounts tell.
  const donated =
    own.volumesFrom &&
    self.mountPoints.some(({ type, source, readOnly }) => type === 'bind' && sensitiveSource(source, readOnly));
  if (!donated) return { settings, leftOut };
  return {
    settings: { ...settings, volumesFrom: undefined },
    leftOut: [...leftOut, leave('volumesFrom', 'it may hold what could harm the host')],
  };
}
