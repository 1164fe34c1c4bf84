import type { SettingCase } from './types.ts';

const gpu = 'there is no GPU here';

export const privilegeCases: readonly SettingCase[] = [
  { name: 'privileged', flags: ['--privileged'] },
  { name: 'more capabilities', flags: ['--cap-add', 'NET_ADMIN', '--cap-add', 'SYS_TIME'] },
  { name: 'all capabilities but one', flags: ['--cap-add', 'ALL', '--cap-drop', 'NET_RAW'] },
  { name: 'no capabilities', flags: ['--cap-drop', 'ALL'] },
  { name: 'no new privileges', flags: ['--security-opt', 'no-new-privileges'] },
  { name: 'no seccomp', flags: ['--security-opt', 'seccomp=unconfined'] },
  {
    name: 'a seccomp profile',
    body: { HostConfig: { SecurityOpt: [`seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}`] } },
  },
  { name: 'no AppArmor', flags: ['--security-opt', 'apparmor=unconfined'] },
  { name: 'no labels', flags: ['--security-opt', 'label=disable'] },
  {
    name: 'another label',
    flags: ['--security-opt', 'label=level:s0:c100,c200', '--security-opt', 'label=type:svirt_t'],
  },
  { name: 'no paths hidden', flags: ['--security-opt', 'systempaths=unconfined'] },
  {
    name: 'other paths hidden',
    body: { HostConfig: { MaskedPaths: ['/proc/kcore'], ReadonlyPaths: ['/proc/sys'] } },
  },
  { name: 'a root file system that can only be read', flags: ['--read-only'] },
  { name: 'groups', flags: ['--group-add', '1234', '--group-add', 'nogroup'] },
  { name: 'another OCI runtime', flags: ['--runtime', 'runc'] },

  { name: 'the processes of the host', flags: ['--pid', 'host'] },
  {
    name: "another container's processes",
    prepare: async (stage) => void (await stage.other('other')),
    flags: ({ named }) => ['--pid', `container:${named('other')}`],
  },
  ...['host', 'private', 'shareable', 'none'].map((mode) => ({ name: `the IPC mode ${mode}`, flags: ['--ipc', mode] })),
  {
    name: "another container's IPC",
    prepare: async (stage) => void (await stage.other('donor', '--ipc', 'shareable')),
    flags: ({ named }) => ['--ipc', `container:${named('donor')}`],
  },
  { name: 'the host name of the host', flags: ['--uts', 'host'] },
  { name: 'the users of the host', flags: ['--userns', 'host'] },
  { name: 'the control groups of the host', flags: ['--cgroupns', 'host'] },
  { name: 'its own control groups', flags: ['--cgroupns', 'private'] },
  { name: 'settings of the kernel', flags: ['--sysctl', 'net.core.somaxconn=512', '--sysctl', 'kernel.msgmax=65536'] },

  { name: 'a device', flags: ['--device', '/dev/fuse'] },
  {
    name: 'a device by another name, with permissions',
    flags: ['--device', '/dev/null:/dev/nothing:r', '--device', '/dev/zero:rw'],
  },
  { name: 'rules for devices', flags: ['--device-cgroup-rule', 'c 42:* rmw', '--device-cgroup-rule', 'b *:* m'] },
  { name: 'all GPUs', unstartable: gpu, flags: ['--gpus', 'all'] },
  {
    name: 'some GPUs',
    unstartable: gpu,
    flags: ['--gpus', 'driver=nvidia,"device=0,GPU-1","capabilities=compute,utility","options=one=1,two=2"'],
  },
  { name: 'two GPUs', unstartable: gpu, flags: ['--gpus', 'count=2'] },
  {
    name: 'devices of another kind',
    unstartable: 'there is no such driver here',
    body: {
      HostConfig: {
        DeviceRequests: [{ Driver: 'other', Count: 1, Capabilities: [['fpga', 'large'], ['asic']], Options: {} }],
      },
    },
  },
  {
    name: 'CDI devices',
    minApi: '1.44',
    unstartable: 'nobody describes such devices here',
    body: {
      HostConfig: { DeviceRequests: [{ Driver: 'cdi', DeviceIDs: ['vendor.com/class=one', 'vendor.com/class=two'] }] },
    },
  },
];
