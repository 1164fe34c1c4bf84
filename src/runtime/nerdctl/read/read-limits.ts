import type { ContainerSettings } from '../../settings.ts';
import { booksOf } from './labels.ts';
import type { NativeContainer } from './native.ts';
import { bytesOf } from './read-mounts.ts';

/** Limits, devices and the kernel's settings, as they are in force. */
export function readLimits(container: NativeContainer): ContainerSettings {
  const { process: main, linux } = container.Spec;
  const { memory, cpu, pids, blockIO } = linux.resources ?? {};
  const ulimits = main.rlimits.map(({ type, soft, hard }) => ({
    name: type.replace(/^RLIMIT_/, '').toLowerCase(),
    soft,
    hard,
  }));
  const sysctls = Object.fromEntries(Object.entries(linux.sysctl).filter(([name]) => !ofEngine.has(name)));
  return defined({
    memory: positive(memory?.limit),
    memorySwap: memory?.swap || undefined,
    memoryReservation: positive(memory?.reservation),
    memorySwappiness: memory?.swappiness ?? undefined,
    oomKillDisable: memory?.disableOOMKiller || undefined,
    oomScoreAdj: main.oomScoreAdj || undefined,
    pidsLimit: positive(pids?.limit),
    cpuShares: positive(cpu?.shares),
    cpuQuota: positive(cpu?.quota),
    cpuPeriod: positive(cpu?.period),
    cpuRealtimePeriod: positive(cpu?.realtimePeriod),
    cpuRealtimeRuntime: positive(cpu?.realtimeRuntime),
    cpusetCpus: cpu?.cpus || undefined,
    cpusetMems: cpu?.mems || undefined,
    cgroupParent: parentOf(container),
    blkioWeight: positive(blockIO?.weight),
    ulimits: ulimits.length > 0 ? ulimits : undefined,
    shmSize: shmSize(container),
    sysctls: Object.keys(sysctls).length > 0 ? sysctls : undefined,
    devices: devices(container),
  });
}

/** Set for each container that has a network of its own. */
const ofEngine = new Set(['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range']);

function positive(value: number | null | undefined): number | undefined {
  return value !== null && value !== undefined && value > 0 ? value : undefined;
}

/** `/NAMESPACE/ID` and `system.slice:nerdctl:ID` are what nobody has asked for. */
function parentOf({ ID, Labels, Spec }: NativeContainer): string | undefined {
  const path = Spec.linux.cgroupsPath ?? '';
  const [slice = '', engine, id] = path.split(':');
  if (engine !== undefined && id !== undefined) return /^(?:system|user)\.slice$|^$/.test(slice) ? undefined : slice;
  const parent = path.slice(0, -ID.length - 1);
  const usual = ['', `/${Labels['nerdctl/namespace'] ?? parent.slice(1)}`];
  return path.endsWith(`/${ID}`) && !usual.includes(parent) ? parent : undefined;
}

function shmSize(container: NativeContainer): number | undefined {
  const asked = booksOf(container).ipc?.shmSize;
  if (asked) return bytesOf(asked);
  const options = container.Spec.mounts.find(({ destination }) => destination === '/dev/shm')?.options ?? [];
  const size = options.find((option) => option.startsWith('size='))?.slice('size='.length);
  return size === undefined || size === '65536k' ? undefined : bytesOf(size);
}

function devices(container: NativeContainer): ContainerSettings['devices'] {
  const booked = booksOf(container).hostConfig?.Devices;
  if (container.Labels['nerdctl/host-config'] !== undefined)
    return booked?.map(({ PathOnHost, PathInContainer, CgroupPermissions }) => ({
      pathOnHost: PathOnHost,
      pathInContainer: PathInContainer,
      cgroupPermissions: CgroupPermissions,
    }));
  // Where the host has them is not told; engines of others give them at the same path.
  const listed = container.Spec.linux.devices.map(({ path }) => ({ pathOnHost: path, pathInContainer: path }));
  return listed.length > 0 ? listed : undefined;
}

export function defined<T extends object>(settings: T): { [K in keyof T]: T[K] } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
