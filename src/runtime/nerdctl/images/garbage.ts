import * as z from 'zod';
import type { Adapter } from '../../adapter.ts';
import { bears } from '../../labels.ts';
import type { CollectedImages } from '../../runtime.ts';
import type { Client } from '../command/client.ts';
import { isFound, isMissing, refusal } from '../command/failures.ts';
import { nativeContainer } from '../read/native.ts';
import { read } from '../command/read.ts';

const dayMs = 24 * 60 * 60 * 1000;

const blob = z.object({ digest: z.string(), size: z.number() });
const image = z.object({
  Image: z.object({ Name: z.string(), Target: blob, CreatedAt: z.string(), UpdatedAt: z.string() }),
  Manifest: z.object({ config: blob, layers: z.array(blob).nullish() }).nullish(),
  ImageConfig: z
    .object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish() })
    .nullish(),
});
type Image = z.output<typeof image>;

type Options = Parameters<Adapter['images']['collectGarbage']>[0];

/** Each name counts from when it came: it is containerd's record of an image. */
export async function collectGarbage(
  client: Client,
  { olderThanMs = dayMs, labels, signal }: Options,
): Promise<CollectedImages> {
  const youngest = Date.now() - olderThanMs;
  const [names, containers] = await Promise.all([
    inspected(['image', 'ls', '--quiet', '--no-trunc'], 'image', image),
    inspected(['ps', '--all', '--quiet', '--no-trunc'], 'container', nativeContainer),
  ]);
  const inUse = new Set(containers.map(({ Image }) => Image));
  const used = new Set(names.filter(({ Image }) => inUse.has(Image.Name)).map(({ Image }) => Image.Target.digest));
  const old = names.filter(
    ({ Image, ImageConfig }) =>
      !used.has(Image.Target.digest) &&
      Date.parse(Image.CreatedAt) <= youngest &&
      Date.parse(Image.UpdatedAt) <= youngest &&
      bears(ImageConfig?.config?.Labels ?? {}, labels),
  );
  const gone: Image[] = [];
  for (const one of old) if (await remove(one.Image.Name)) gone.push(one);
  const stays = new Set(
    names
      .filter((one) => !gone.includes(one))
      .flatMap(blobsOf)
      .map(({ digest }) => digest),
  );
  const freed = new Map(gone.flatMap(blobsOf).map(({ digest, size }) => [digest, stays.has(digest) ? 0 : size]));
  return {
    removed: gone.map(({ Image }) => Image.Name),
    reclaimed: [...freed.values()].reduce((sum, size) => sum + size, 0),
  };

  async function inspected<T>(list: readonly string[], kind: string, schema: z.ZodType<T>): Promise<T[]> {
    const listed = await client.run(list, { signal });
    if (listed.exitCode !== 0) throw refusal(listed, `list each ${kind}`);
    const ids = [...new Set(listed.stdout.split('\n').filter((line) => /^[\w:]+$/.test(line)))];
    if (ids.length === 0) return [];
    const answer = await client.run([kind, 'inspect', '--mode=native', '--', ...ids], { signal });
    return isFound(answer) ? read(kind, answer.stdout, z.array(schema)) : [];
  }

  /** Not one that a container was made of meanwhile. */
  async function remove(name: string): Promise<boolean> {
    const answer = await client.run(['image', 'rm', '--', name], { signal });
    if (answer.exitCode === 0) return true;
    if (isMissing(answer) || /conflict: unable to (?:delete|remove)|is being used/.test(answer.stderr)) return false;
    throw refusal(answer, `remove the image ${name}`);
  }
}

/** What containerd keeps of it; what it has unpacked comes on top, and is not told. */
function blobsOf({ Image: { Target }, Manifest }: Image): readonly z.output<typeof blob>[] {
  return [Target, ...(Manifest ? [Manifest.config, ...(Manifest.layers ?? [])] : [])];
}
