import * as z from 'zod';
import type { ContainerStats } from '../../runtime.ts';
import { read } from '../wire/read.ts';

const count = z.number().nullish();
const cpu = z
  .object({
    cpu_usage: z.object({ total_usage: z.number().default(0) }).nullish(),
    system_cpu_usage: count,
    online_cpus: count,
  })
  .nullish();

const answer = z.object({
  read: z.string(),
  cpu_stats: cpu,
  precpu_stats: cpu,
  memory_stats: z.object({ usage: count, limit: count, stats: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  pids_stats: z.object({ current: count }).nullish(),
  networks: z.record(z.string(), z.object({ rx_bytes: z.number(), tx_bytes: z.number() })).nullish(),
  blkio_stats: z
    .object({ io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: z.number() })).nullish() })
    .nullish(),
});

/** @param before an earlier answer, where the engine does not say what it was a second before */
export function readStats(said: unknown, before?: unknown): ContainerStats {
  return read('container’s use', () => {
    const { cpu_stats, precpu_stats, memory_stats, pids_stats, networks, blkio_stats, ...stats } = answer.parse(said);
    const written = blkio_stats?.io_service_bytes_recursive ?? [];
    const sum = (operation: string): number =>
      written.reduce((total, { op, value }) => total + (op.toLowerCase() === operation ? value : 0), 0);
    return {
      readAt: new Date(stats.read),
      cpu: {
        totalNs: cpu_stats?.cpu_usage?.total_usage ?? 0,
        percent: percent(cpu_stats, before === undefined ? precpu_stats : answer.parse(before).cpu_stats),
        processors: cpu_stats?.online_cpus ?? undefined,
      },
      memory: { used: usedMemory(memory_stats), limit: memory_stats?.limit ?? undefined },
      processes: pids_stats?.current ?? undefined,
      networks: Object.fromEntries(
        Object.entries(networks ?? {}).map(([name, io]) => [name, { received: io.rx_bytes, sent: io.tx_bytes }]),
      ),
      blockIo: { read: sum('read'), written: sum('write') },
    };
  });
}

type Cpu = z.infer<typeof cpu>;

function percent(now: Cpu, before: Cpu): number | undefined {
  if (!now?.system_cpu_usage || !before?.system_cpu_usage) return undefined;
  const used = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  const passed = now.system_cpu_usage - before.system_cpu_usage;
  return passed > 0 ? (Math.max(0, used) / passed) * (now.online_cpus ?? 1) * 100 : undefined;
}

/** Without the files that are only kept because there is room: as `docker stats` shows it, for both kinds of cgroups. */
function usedMemory(memory: z.infer<typeof answer>['memory_stats']): number {
  const usage = memory?.usage ?? 0;
  const cached = memory?.stats?.['total_inactive_file'] ?? memory?.stats?.['inactive_file'] ?? 0;
  return typeof cached === 'number' && cached < usage ? usage - cached : usage;
}
