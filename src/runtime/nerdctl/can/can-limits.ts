import { no, type Part, when } from './can.ts';

/** Of what containers may use. */
export const limits: Part<
  'memoryLimit' | 'swapLimit' | 'cpuLimit' | 'pidsLimit' | 'storageLimit' | 'rootless' | 'autoStart' | 'checkpoint'
> = async ({ info }) => ({
  memoryLimit: when(info.MemoryLimit, 'the kernel of the host has no memory controller'),
  swapLimit: when(info.SwapLimit, 'the kernel of the host does not account for swap'),
  cpuLimit: when(info.CpuCfsQuota, 'the kernel of the host has no CPU quotas'),
  pidsLimit: when(info.PidsLimit, 'the kernel of the host has no limit of processes'),
  storageLimit: no('nerdctl has no --storage-opt'),
  rootless: when(
    (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    'this containerd runs as root',
  ),
  autoStart: no('the service manager starts it'),
  checkpoint: no('this version of offshoot makes none'),
});
