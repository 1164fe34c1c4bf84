import * as z from 'zod';
import type { ContainerStats } from '../../runtime.ts';
import { read } from '../command/read.ts';

export interface Metrics {
  /** Of processor time since it was started. */
  readonly cpuNs: number;
  readonly memory: ContainerStats['memory'];
  readonly processes: number | undefined;
  readonly blockIo: ContainerStats['blockIo'];
}

// What is zero is left out.
const count = z.number().default(0);

/** Of containers whose control groups are of the older kind. */
const v1 = z.object({
  pids: z.object({ current: count }).optional(),
  cpu: z.object({ usage: z.object({ total: count }) }),
  memory: z
    .object({ total_inactive_file: count, usage: z.object({ usage: count, limit: count }).prefault({}) })
    .prefault({}),
  blkio: z
    .object({ io_service_bytes_recursive: z.array(z.object({ op: z.string().default(''), value: count })).default([]) })
    .prefault({}),
});

const v2 = z.object({
  pids: z.object({ current: count }).optional(),
  cpu: z.object({ usage_usec: count }).prefault({}),
  memory: z.object({ usage: count, usage_limit: count, inactive_file: count }).prefault({}),
  io: z.object({ usage: z.array(z.object({ rbytes: count, wbytes: count })).default([]) }).prefault({}),
});

/** The answer of `ctr tasks metrics`. */
export function metricsIn(text: string): Metrics {
  const said = read('container’s use', text, z.union([v1, v2]));
  if ('blkio' in said) {
    const { pids, cpu, memory, blkio } = said;
    const sum = (operation: string): number =>
      blkio.io_service_bytes_recursive.reduce((all, { op, value }) => all + (op === operation ? value : 0), 0);
    return {
      cpuNs: cpu.usage.total,
      memory: memoryOf(memory.usage.usage, memory.total_inactive_file, memory.usage.limit),
      processes: pids?.current || undefined,
      blockIo: { read: sum('Read'), written: sum('Write') },
    };
  }
  const { pids, cpu, memory, io } = said;
  return {
    cpuNs: cpu.usage_usec * 1000,
    memory: memoryOf(memory.usage, memory.inactive_file, memory.usage_limit),
    processes: pids?.current || undefined,
    blockIo: {
      read: io.usage.reduce((all, { rbytes }) => all + rbytes, 0),
      written: io.usage.reduce((all, { wbytes }) => all + wbytes, 0),
    },
  };
}

/** The kernel's word for no limit is as large as it can be. */
const limitless = 2 ** 60;

/** Without the files that are only kept because there is room, as for Docker. */
function memoryOf(usage: number, cached: number, limit: number): ContainerStats['memory'] {
  return { used: cached < usage ? usage - cached : usage, limit: limit > 0 && limit < limitless ? limit : undefined };
}

/** `/proc/PID/net/dev`, without the loopback. */
export function networksIn(text: string): ContainerStats['networks'] {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, counts = ''] = /^\s*([^\s:]+):(.*)$/.exec(line) ?? [];
      const numbers = counts.trim().split(/\s+/).map(Number);
      if (name === undefined || name === 'lo' || numbers.length < 9) return [];
      return [[name, { received: numbers[0] ?? 0, sent: numbers[8] ?? 0 }]];
    }),
  );
}
