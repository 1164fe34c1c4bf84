import type { ContainerSettings } from '../../settings.ts';
import type { NativeContainer } from './native.ts';

type Privileges = Pick<
  ContainerSettings,
  'privileged' | 'capAdd' | 'capDrop' | 'securityOpt' | 'maskedPaths' | 'readonlyPaths' | 'readonlyRootfs'
>;

/** What containerd gives to every container. */
const usual = (
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL ' +
  'AUDIT_WRITE'
).split(' ');

/**
 * `--privileged` leaves no mark: it is what it does. `givable`: the capabilities that this host can give at all, which
 * may be fewer than the kernel knows.
 */
export function readPrivileges({ Spec }: NativeContainer, givable: readonly string[]): Privileges {
  const { process: main, linux, root } = Spec;
  const has = (main.capabilities?.bounding ?? []).map((name) => name.replace(/^CAP_/, ''));
  const hasAll = givable.every((name) => has.includes(name)) && has.includes('SYS_ADMIN');
  const masks = [...linux.maskedPaths, ...linux.readonlyPaths];
  const anyDevice = linux.resources?.devices.some(({ allow, type, access }) => allow && !type && access === 'rwm');
  const readonlyRootfs = root?.readonly ? { readonlyRootfs: true } : {};
  const noNew = main.noNewPrivileges ? ['no-new-privileges'] : [];
  if (hasAll && masks.length === 0 && !linux.seccomp && anyDevice)
    return { privileged: true, ...readonlyRootfs, ...(noNew.length > 0 && { securityOpt: noNew }) };

  const capAdd = hasAll ? ['ALL'] : has.filter((name) => !usual.includes(name));
  const capDrop = usual.filter((name) => !has.includes(name));
  const profile = main.apparmorProfile;
  const securityOpt = [
    ...noNew,
    ...(linux.seccomp ? [] : ['seccomp=unconfined']),
    ...(profile && profile !== 'nerdctl-default' ? [`apparmor=${profile}`] : []),
  ];
  return {
    ...(capAdd.length > 0 && { capAdd }),
    ...(capDrop.length > 0 && { capDrop: capDrop.length === usual.length ? ['ALL'] : capDrop }),
    ...(securityOpt.length > 0 && { securityOpt }),
    ...(masks.length === 0 && { maskedPaths: [], readonlyPaths: [] }),
    ...readonlyRootfs,
  };
}

/** The names of a set as /proc shows it, of those that containers can be given by name. */
export function capabilitiesIn(status: string): string[] {
  const hex = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (hex === undefined) return [];
  const set = BigInt(`0x${hex}`);
  return names.filter((_, bit) => (set >> BigInt(bit)) & 1n);
}

/** By their numbers. */
const names = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ');
