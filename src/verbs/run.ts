import type { AskingLine } from '../plan/argv.ts';
import type { AskingVerb } from '../plan/verbs.ts';
import type { RunVerb, VerbContext } from './context.ts';

/** Each is loaded when it is asked for. */
const files: Readonly<Record<AskingVerb, () => Promise<RunVerb>>> = {
  self: async () => (await import('./self.ts')).self,
  path: async () => (await import('./path.ts')).path,
  ps: async () => (await import('./ps.ts')).ps,
  logs: async () => (await import('./logs.ts')).logs,
  wait: async () => (await import('./wait.ts')).wait,
  stop: async () => (await import('./stop.ts')).stop,
  rm: async () => (await import('./rm.ts')).rm,
  exec: async () => (await import('./exec.ts')).exec,
  events: async () => (await import('./events.ts')).events,
  pull: async () => (await import('./pull.ts')).pull,
  sweep: async () => (await import('./sweep.ts')).sweep,
  runtimes: async () => (await import('./runtimes.ts')).runtimes,
  doctor: async () => (await import('./doctor.ts')).doctor,
  completion: async () => (await import('./completion.ts')).completion,
};

/** A verb that is cancelled has as long to end by itself: it may hang on a reader that does not read. */
const endMs = 25;

/** Its exit status. Where nobody reads what it says any more (`| head`), it has said enough. */
export async function runVerb(line: AskingLine, context: VerbContext): Promise<number> {
  const run = await files[line.verb]();
  try {
    return await Promise.race([run(line, context), cancelled(context.signal)]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
    throw error;
  }
}

function cancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): unknown => setTimeout(() => reject(signal.reason as Error), endMs);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
