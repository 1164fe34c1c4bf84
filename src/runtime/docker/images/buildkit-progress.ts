import * as z from 'zod';
import type { BuildProgress } from '../../runtime.ts';
import { type FailedBuild, Tail } from './build-words.ts';

const optional = z.string().nullish();
/** One line of `--progress rawjson`: BuildKit's SolveStatus. */
const status = z.looseObject({
  vertexes: z
    .array(
      z.looseObject({
        digest: z.string(),
        name: z.string().default(''),
        started: optional,
        completed: optional,
        cached: z.boolean().default(false),
        error: z.string().default(''),
      }),
    )
    .nullish(),
  statuses: z
    .array(
      z.looseObject({
        id: z.string(),
        vertex: z.string(),
        current: z.number().default(0),
        total: z.number().default(0),
      }),
    )
    .nullish(),
  logs: z.array(z.looseObject({ vertex: z.string(), data: z.string().default('') })).nullish(),
});
type Status = z.output<typeof status>;
type Vertex = NonNullable<Status['vertexes']>[number];

interface Step {
  readonly name: string;
  started: boolean;
  ended: boolean;
  readonly output: Tail;
}

interface SolveProgress {
  /** A line that it prints. */
  take(line: string): void;
  /** Why it has failed, as far as its lines tell. */
  failure(): FailedBuild;
}

/** Reads what buildx prints, and tells it as our progress. */
export function solveProgress(tell: (progress: BuildProgress) => void): SolveProgress {
  const steps = new Map<string, Step>();
  /** What it says beside its JSON, at its end. */
  const words = new Tail();
  let failed: { readonly reason: string; readonly step: Step } | undefined;

  function takeVertex({ digest, name, started, completed, cached, error }: Vertex): void {
    const step = steps.get(digest) ?? { name, started: false, ended: false, output: new Tail() };
    steps.set(digest, step);
    if (started && !step.started) {
      step.started = true;
      if (!cached) tell({ message: name, step: name, phase: 'started' });
    }
    // Those that end for another's failure are canceled.
    if (error !== '' && (failed === undefined || !isCancelled(error))) failed = { reason: error, step };
    if (!completed || step.ended) return;
    step.ended = true;
    const phase = error === '' ? (cached ? 'cached' : 'done') : 'failed';
    tell({ message: error === '' ? name : `${name}: ${error}`, step: name, phase });
  }

  function takeStatus({ vertexes, statuses, logs }: Status): void {
    for (const { vertex, data } of logs ?? []) {
      const text = Buffer.from(data, 'base64').toString();
      const step = steps.get(vertex);
      step?.output.add(text);
      for (const message of text.split('\n').filter((line) => line.trim() !== ''))
        tell({ message, ...(step !== undefined && { step: step.name }) });
    }
    for (const { id, vertex, current, total } of statuses ?? []) {
      const step = steps.get(vertex)?.name;
      if (total > 0) tell({ message: id, ...(step !== undefined && { step }), current, total });
    }
    for (const vertex of vertexes ?? []) takeVertex(vertex);
  }

  return {
    take(line) {
      const said = parsed(line);
      if (said === undefined) words.add(line);
      else takeStatus(said);
    },
    failure() {
      if (failed !== undefined && !isCancelled(failed.reason)) {
        const { reason, step } = failed;
        return { reason, step: step.name, output: step.output.lines };
      }
      const last = words.lines.findLast((line) => line.startsWith('ERROR: ')) ?? words.lines.at(-1);
      return { reason: last?.replace(/^ERROR: /, '') ?? 'the buildx plugin does not say why', output: words.lines };
    },
  };
}

function isCancelled(error: string): boolean {
  return /context canceled|^Canceled/i.test(error);
}

function parsed(line: string): Status | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return status.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
