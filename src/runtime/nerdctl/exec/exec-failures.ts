import { ConflictError, ExecError, NotFoundError, type OffshootError } from '../../../errors.ts';
import { type Answer, commandRefusal, isMissing, unavailable } from '../command/failures.ts';
import { reasonIn } from '../command/log-lines.ts';

/** The status of the process that nerdctl has run; its own is 1 whatever that was. Undefined: it says something else. */
export function statusIn({ exitCode, stderr }: Answer): number | undefined {
  if (exitCode === 0) return 0;
  const status = /^exec failed with exit code (\d+)$/.exec(reasonIn(stderr))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Why there is no such status. */
export function execFailure(answer: Answer, id: string): OffshootError {
  if (isMissing(answer)) return new NotFoundError('container', id);
  const words = reasonIn(answer.stderr);
  if (
    /no running task found|is not running|not in running state|cannot exec in a (?:paused|stopped|deleted)/.test(words)
  )
    return new ConflictError(`${id} does not run, or is paused`);
  // Nobody has noted the end of the process: it ended with its container, or nerdctl was killed.
  if (words === '' || /ttrpc: closed|context canceled|process does not exist|process already finished/.test(words))
    return new ExecError(`nerdctl does not tell how the process ended${words && `: ${words}`}`);
  return unavailable(answer) ?? commandRefusal(answer, `nerdctl refused to run it: ${words}`);
}
