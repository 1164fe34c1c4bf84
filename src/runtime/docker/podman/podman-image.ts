import type { Api } from '../wire/api.ts';
import * as z from 'zod';
import type { Json } from '../create/merge-patch.ts';
import { read } from '../wire/read.ts';

/** What a container has where its image leaves it open, in nanoseconds. */
const healthDefaults = { Interval: 30_000_000_000, Timeout: 30_000_000_000, Retries: 3 };

/** Docker's API leaves it out of what it tells of an image. */
export async function healthcheckOfImage(libpod: Api, answer: unknown, signal: AbortSignal): Promise<Json | undefined> {
  const { Id } = (answer ?? {}) as { Id?: unknown };
  const path = `/libpod/images/${encodeURIComponent(String(Id).replace('sha256:', ''))}/json`;
  const response = await libpod({ method: 'GET', path, signal });
  const { Healthcheck } =
    response.status === 200 ? ((await response.json()) as { Healthcheck?: Json | null }) : await ignored(response);
  return Healthcheck ? { ...healthDefaults, ...Healthcheck } : undefined;
}

/** A proxy may not let us ask. */
async function ignored(response: { discard(): Promise<void> }): Promise<{ Healthcheck?: undefined }> {
  await response.discard();
  return {};
}

const schema = z.looseObject({ Config: z.looseObject({ Env: z.array(z.string()).nullish() }).nullish() });

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What Podman gives to each container counts as its image's: another image's containers get it as well, or have
 * something better.
 */
export function imageOfPodman(answer: unknown, healthcheck: Json | undefined): unknown {
  const image = read('image', () => schema.parse(answer));
  const { Config } = image;
  if (!Config) return image;
  const env = Config.Env ?? [];
  return {
    ...image,
    Config: {
      ...Config,
      Env: [
        ...(env.some((entry) => entry.startsWith('PATH=')) ? [] : [defaultPath]),
        ...['TERM=xterm', 'container=podman', 'container=oci', 'HOME=/root', 'HOME=/'],
        ...env,
      ],
      WorkingDir: Config['WorkingDir'] || '/',
      StopSignal: signalNumber(Config['StopSignal']),
      Healthcheck: healthcheck,
    },
  };
}

/** Of a container the number is said, of an image what its author wrote. */
function signalNumber(signal: unknown): unknown {
  if (!signal) return '15';
  const number = typeof signal === 'string' ? signalNumbers[signal.replace(/^SIG/, '')] : undefined;
  return number === undefined ? signal : String(number);
}

const signalNumbers: Readonly<Record<string, number>> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, ABRT: 6, KILL: 9, USR1: 10, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, WINCH: 28 },
  ...{ PWR: 30, 'RTMIN+3': 37 },
};
