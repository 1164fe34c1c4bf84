import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Client } from '../command/client.ts';
import { isFound, refusal } from '../command/failures.ts';
import { read } from '../command/read.ts';

const image = z.object({
  Image: z.object({ Name: z.string() }),
  ImageConfig: z.object({ rootfs: z.object({ diff_ids: z.array(z.string()).nullish() }).nullish() }).nullish(),
});

/** The snapshot that an image is unpacked to; `undefined` where there is no such image. */
export async function snapshotOfImage(
  client: Client,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [first] = await inspect(client, [reference], signal);
  return first?.snapshot;
}

/** Names of all images, by their snapshots. */
export async function imagesBySnapshot(client: Client, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const answer = await client.run(['image', 'ls', '--quiet', '--no-trunc'], { signal });
  if (answer.exitCode !== 0) throw refusal(answer, 'list its images');
  const ids = [...new Set(answer.stdout.split('\n').filter((line) => /^[\w:]+$/.test(line)))];
  if (ids.length === 0) return new Map();
  const all = await inspect(client, ids, signal);
  return new Map(all.flatMap(({ name, snapshot }) => (snapshot === undefined ? [] : [[snapshot, name]])));
}

async function inspect(
  client: Client,
  references: readonly string[],
  signal: AbortSignal,
): Promise<{ name: string; snapshot: string | undefined }[]> {
  const answer = await client.run(['image', 'inspect', '--mode=native', '--', ...references], { signal });
  if (!isFound(answer)) return [];
  return read('image', answer.stdout, z.array(image)).map(({ Image, ImageConfig }) => ({
    name: Image.Name,
    snapshot: chainOf(ImageConfig?.rootfs?.diff_ids ?? []),
  }));
}

/** The id of a chain of layers, as the OCI's specification of images has it; undefined of an image without any. */
export function chainOf(layers: readonly string[]): string | undefined {
  const [first, ...others] = layers;
  return first === undefined
    ? undefined
    : others.reduce(
        (chain, layer) => `sha256:${createHash('sha256').update(`${chain} ${layer}`).digest('hex')}`,
        first,
      );
}
