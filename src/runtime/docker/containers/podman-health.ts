import * as z from 'zod';
import type { HealthStatus } from '../../runtime.ts';
import type { Api } from '../wire/api.ts';
import { slowCallMs } from './create-container.ts';
import { read } from '../wire/read.ts';
import { refusal } from '../wire/refusals.ts';

const info = z.looseObject({ host: z.looseObject({ cgroupManager: z.string().default('') }) });
const checked = z.object({ Status: z.enum(['starting', 'healthy', 'unhealthy']) });

/**
 * It leaves its checks to timers of systemd, and uses systemd for control groups where there is one. Where a proxy does
 * not let us ask, what it says of a health stands.
 */
export async function hasTimers(libpod: Api, signal: AbortSignal): Promise<boolean> {
  const response = await libpod({ method: 'GET', path: '/libpod/info', signal });
  if (response.status !== 200) {
    await response.discard();
    return true;
  }
  const answer = await response.json();
  return read('itself', () => info.parse(answer)).host.cgroupManager === 'systemd';
}

/** Runs the check once. `undefined`: there is none, or the container does not run. */
export async function checkOnce(libpod: Api, id: string, signal: AbortSignal): Promise<HealthStatus | undefined> {
  const path = `/libpod/containers/${encodeURIComponent(id)}/healthcheck`;
  const response = await libpod({ method: 'GET', path, signal, timeoutMs: slowCallMs });
  if (response.status === 200) {
    const answer = await response.json();
    return read('health of a container', () => checked.parse(answer)).Status;
  }
  if (response.status !== 404 && response.status !== 409) throw await refusal(response, 'check the health');
  await response.discard();
  return undefined;
}
