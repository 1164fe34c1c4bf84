import { availableParallelism } from 'node:os';
import { ConflictError } from '../../../errors.ts';
import { pause } from '../../../timing.ts';
import type { ContainerStats } from '../../runtime.ts';
import { createCtr } from '../command/ctr.ts';
import { refusal } from '../command/failures.ts';
import { type Metrics, metricsIn, networksIn } from './read-metrics.ts';
import type { Tools } from '../connect/tools.ts';

const betweenMs = 1_000;

interface Sample extends Metrics {
  readonly at: number;
}

/** nerdctl's own `stats` are rounded and without sums: containerd's are taken, twice. */
export async function statsOf(
  { client, namespace }: Pick<Tools, 'client' | 'namespace'>,
  { id, pid }: { readonly id: string; readonly pid: number },
  signal: AbortSignal,
): Promise<ContainerStats> {
  const ctr = createCtr({ client, namespace }, { operation: 'stats', capability: 'stats' });
  const sample = async (): Promise<Sample> => {
    const answer = await ctr.run(['tasks', 'metrics', '--format', 'json', id], signal);
    if (/not found/.test(answer.stderr)) throw new ConflictError(`${id} does not run`);
    if (answer.exitCode !== 0) throw refusal(answer, `tell what ${id} uses`);
    return { ...metricsIn(answer.stdout), at: performance.now() };
  };
  const before = await sample();
  await pause(betweenMs, signal);
  const now = await sample();
  const networks = await client.runProgram(['sh', '-c', readNetworks, 'sh', String(pid), id], { signal });
  const { cpuNs, memory, processes, blockIo } = now;
  return {
    readAt: new Date(),
    cpu: {
      totalNs: cpuNs,
      percent: (Math.max(0, cpuNs - before.cpuNs) / 1e6 / (now.at - before.at)) * 100,
      // The same machine, wherever on it we are.
      processors: availableParallelism(),
    },
    memory,
    processes,
    networks: networksIn(networks.stdout),
    blockIo,
  };
}

/** Where process ids are not the host's, the number is another process's, or nobody's. */
const readNetworks = `grep -q "$2" "/proc/$1/cgroup" && cat "/proc/$1/net/dev"`;
