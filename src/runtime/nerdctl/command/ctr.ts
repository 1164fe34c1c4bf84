import { dirname } from 'node:path';
import { ConflictError, EngineRefusedError, NotSupportedError, type OffshootError } from '../../../errors.ts';
import { type Answer, unavailable } from './failures.ts';
import { reasonIn } from './log-lines.ts';
import type { Tools } from '../connect/tools.ts';
import { programIn } from './way.ts';

/** containerd's own command line: what nerdctl has no word for. */
export interface Ctr {
  /** @throws NotSupportedError where there is none */
  run(args: readonly string[], signal: AbortSignal): Promise<Answer>;
}

/** What a call needs it for. */
export interface Needed {
  readonly operation: string;
  readonly capability: string;
}

/** The one beside nerdctl, else the first of its PATH. */
export function createCtr({ client, namespace }: Pick<Tools, 'client' | 'namespace'>, needed: Needed): Ctr {
  const { way } = client;
  const program = way.onHost ? 'ctr' : programIn(`${dirname(way.nerdctl)}:${way.env['PATH'] ?? ''}`, 'ctr');
  const address = way.address === undefined ? [] : ['--address', way.address];
  return {
    async run(args, signal) {
      signal.throwIfAborted();
      if (program === undefined) throw noCtr(needed);
      const answer = await client.runProgram([program, ...address, '--namespace', namespace, ...args], { signal });
      if (answer.exitCode !== 0 && isAbsent(answer)) throw noCtr(needed);
      return answer;
    },
  };
}

/** Why calls that need it cannot be made; `undefined` where they can. */
export async function whyNoCtr(
  tools: Pick<Tools, 'client' | 'namespace'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ctr = createCtr(tools, { operation: 'ctr', capability: 'snapshots' });
  try {
    await ctr.run(['--version'], signal);
    return undefined;
  } catch (error) {
    if (error instanceof NotSupportedError) return error.reason;
    throw error;
  }
}

const reason = 'there is no ctr beside nerdctl';

function noCtr({ operation, capability }: Needed): NotSupportedError {
  return new NotSupportedError(`${operation} is not supported by nerdctl: ${reason}`, {
    ...{ runtime: 'nerdctl', operation, capability, reason },
    hint: 'It comes with containerd; it has to be where nerdctl is, or on the same PATH.',
  });
}

/** As nsenter, of util-linux and of busybox, says it. */
function isAbsent({ stderr }: Answer): boolean {
  return /nsenter: .*\bctr\b.*(?:No such file|not found)|can't execute 'ctr'/i.test(stderr);
}

export function isNotFound({ exitCode, stderr }: Answer): boolean {
  return exitCode !== 0 && /: not found$/m.test(stderr.trim());
}

export function alreadyExists({ exitCode, stderr }: Answer): boolean {
  return exitCode !== 0 && /: already exists$/m.test(stderr.trim());
}

/** What a refusal means, where it is about nothing else than the state of a thing. */
export function ctrRefusal(answer: Answer, what: string): OffshootError {
  const words = reasonIn(answer.stderr).replace(/^ctr: /, '') || `status ${answer.exitCode}`;
  const text = `containerd refused to ${what}: ${words}`;
  if (/: failed precondition$|is not committed/.test(words)) return new ConflictError(text);
  return unavailable(answer) ?? new EngineRefusedError(text);
}
