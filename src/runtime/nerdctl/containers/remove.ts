import { EngineRefusedError, NotSupportedError } from '../../../errors.ts';
import { pause } from '../../../timing.ts';
import type { Client } from '../command/client.ts';
import { type Answer, unavailable } from '../command/failures.ts';
import { logLines } from '../command/log-lines.ts';
import type { Lookup } from '../read/lookup.ts';
import { ownIds } from '../connect/own-place.ts';

const slowCallMs = 120_000;
const othersMs = 10_000;
const pollMs = 100;

interface Removal {
  readonly lookup: Lookup;
  /** One that runs is ended first; else it is refused. */
  readonly force: boolean;
}

/** `rm --force` ends with 0 whatever has happened: only its words, and a look, tell. */
export async function removeContainer(
  client: Client,
  id: string,
  { lookup, force }: Removal,
  signal: AbortSignal,
): Promise<void> {
  if (isOurs(id) && !client.way.onHost)
    throw new NotSupportedError(`a nerdctl in this container cannot remove it, as it would end with it`);
  const args = ['rm', ...(force ? ['--force'] : []), '--volumes', id];
  const options = { signal, timeoutMs: slowCallMs };
  const answer = isOurs(id)
    ? await client.runProgram(['sh', '-c', outside, 'sh', ...client.words(args)], options)
    : await client.run(args, options);
  const errors = errorsIn(answer);
  if (answer.exitCode === 0 && errors.length === 0) return;
  const gone = unavailable(answer);
  if (gone !== undefined) throw gone;
  if (errors.length > 0 && errors.every((message) => /no such container/i.test(message))) return;
  // Somebody else may be removing it.
  for (const end = performance.now() + (force ? othersMs : 0); performance.now() < end;) {
    if ((await lookup.state(id, signal)) === undefined) return;
    await pause(pollMs, signal);
  }
  throw new EngineRefusedError(`nerdctl refused to remove ${id.slice(0, 12)}: ${errors.join('; ')}`);
}

function errorsIn({ stderr }: Answer): string[] {
  return logLines(stderr).flatMap(({ level, message }) => (/^(?:error|fatal)$/.test(level) ? [message] : []));
}

function isOurs(id: string): boolean {
  return ownIds().has(id);
}

/**
 * nerdctl itself does the work, and would be ended with the container that it is in, half way. So it leaves the
 * container's control groups first: it is on the host, for as long as it takes.
 */
const outside = `
cd /sys/fs/cgroup
if [ -e cgroup.procs ]; then
  # The root of a host that is nested itself may have no processes; a group below it may.
  echo $$ >cgroup.procs || { mkdir -p offshoot && echo $$ >offshoot/cgroup.procs; }
else
  for group in */; do echo $$ >"$group/cgroup.procs"; done
fi 2>/dev/null
cd /
exec "$@" </dev/null >/dev/null 2>&1`;
