import { NotFoundError, NotSupportedError } from '../../../errors.ts';
import type { HealthStatus } from '../../runtime.ts';
import { refusal } from '../command/failures.ts';
import { healthcheckOf } from '../read/image.ts';
import type { CompatContainer } from '../read/native.ts';
import { readLabel } from '../command/read.ts';
import type { Tools } from '../connect/tools.ts';

/** nerdctl's own, where none is asked for. */
const usualMs = 30_000;
const graceMs = 10_000;

/**
 * nerdctl has systemd run the checks. Where that does not, nobody does: so the check is run when its result is asked
 * for and the last one is older than it may be.
 */
export async function healthOf(
  { client, lookup }: Pick<Tools, 'client' | 'lookup'>,
  id: string,
  signal: AbortSignal,
): Promise<HealthStatus> {
  const asked = async (): Promise<CompatContainer> => {
    const container = await lookup.compat(id, signal);
    if (container === undefined) throw new NotFoundError('container', id);
    return container;
  };
  const container = await asked();
  const check = readLabel(container.Config.Labels['nerdctl/healthcheck'], healthcheckOf);
  if (!check?.test || check.test[0] === 'NONE') return 'none';
  if (!container.State.Running || isFresh(container, milliseconds(check.interval), Date.now()))
    return statusOf(container);
  const timeoutMs = milliseconds(check.timeout) + graceMs;
  const answer = await client.run(['container', 'healthcheck', container.Id], { signal, timeoutMs });
  if (/unknown (?:command|subcommand)/.test(answer.stderr))
    throw new NotSupportedError('nerdctl runs health checks from 2.1.5 on; this one is older');
  // It may have ended, or been paused, meanwhile; a check that cannot be run counts as one that failed.
  if (answer.exitCode !== 0 && !/is not running|probe failed|no such container/.test(answer.stderr))
    throw refusal(answer, `check the health of ${id}`);
  return statusOf(await asked());
}

function milliseconds(nanoseconds: number | undefined): number {
  return nanoseconds === undefined ? usualMs : nanoseconds / 1e6;
}

export function isFresh({ State }: CompatContainer, intervalMs: number, now: number): boolean {
  const ends = (State.Health?.Log ?? []).map(({ End }) => Date.parse(End));
  return now - Math.max(-Infinity, ...ends) < intervalMs;
}

const statuses: readonly HealthStatus[] = ['starting', 'healthy', 'unhealthy'];

function statusOf({ State }: CompatContainer): HealthStatus {
  return statuses.find((status) => status === State.Health?.Status) ?? 'starting';
}
