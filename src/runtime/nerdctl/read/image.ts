import * as z from 'zod';
import type { ImageConfig, ImageRecord } from '../../container.ts';
import { readLabel } from '../command/read.ts';

const strings = z.array(z.string()).nullish();
const named = z.record(z.string(), z.unknown()).nullish();

const config = z.looseObject({
  Env: strings,
  Entrypoint: strings,
  Cmd: strings,
  User: z.string().nullish(),
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  ExposedPorts: named,
  Volumes: named,
  StopSignal: z.string().nullish(),
  Shell: strings,
  Healthcheck: z.unknown().optional(),
});

/** What we read of `nerdctl image inspect --mode=native`. */
export const nativeImage = z.object({
  Image: z.object({ Name: z.string(), Target: z.object({ digest: z.string() }) }),
  ImageConfig: z
    .object({ config: config.nullish(), os: z.string().nullish(), architecture: z.string().nullish() })
    .nullish(),
});
export type NativeImage = z.output<typeof nativeImage>;

/** Docker's form, which is also what nerdctl keeps in its label; times in nanoseconds. */
export const healthcheckOf = z
  .object({
    Test: strings,
    Interval: z.number().nullish(),
    Timeout: z.number().nullish(),
    StartPeriod: z.number().nullish(),
    StartInterval: z.number().nullish(),
    Retries: z.number().nullish(),
  })
  .transform(({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }) => ({
    ...(Test?.length && { test: Test }),
    ...(Interval && { interval: Interval }),
    ...(Timeout && { timeout: Timeout }),
    ...(StartPeriod && { startPeriod: StartPeriod }),
    ...(StartInterval && { startInterval: StartInterval }),
    ...(Retries && { retries: Retries }),
  }));

/** By the digest of the manifest: it alone finds an image again. nerdctl's own `Id` finds nothing. */
export function imageRecord({ Image, ImageConfig }: NativeImage): ImageRecord {
  const { digest } = Image.Target;
  const repository = Image.Name.replace(/(?:@.*|:[^/:]*)$/, '');
  return {
    id: digest,
    // Of an image that is named by its digest alone there is no more to say.
    digests: /^\w+:[0-9a-f]{32,}$/.test(Image.Name) || !repository.includes('/') ? [] : [`${repository}@${digest}`],
    config: configOf(ImageConfig?.config),
  };
}

function configOf(found: z.output<typeof config> | null | undefined): ImageConfig {
  const health = readLabel(found?.Healthcheck ? JSON.stringify(found.Healthcheck) : undefined, healthcheckOf);
  return {
    env: filled(found?.Env),
    entrypoint: filled(found?.Entrypoint),
    command: filled(found?.Cmd),
    user: found?.User || undefined,
    workingDir: found?.WorkingDir || undefined,
    labels: found?.Labels ?? undefined,
    exposedPorts: filled(Object.keys(found?.ExposedPorts ?? {})),
    healthcheck: health,
    stopSignal: found?.StopSignal || undefined,
    shell: filled(found?.Shell),
    volumes: filled(Object.keys(found?.Volumes ?? {})),
  };
}

function filled<T>(list: readonly T[] | null | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}
