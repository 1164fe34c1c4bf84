import * as z from 'zod';
import { isImageId, parseReference } from '../../../plan/reference.ts';
import type { ImageRecord } from '../../container.ts';
import type { Client } from '../command/client.ts';
import { isFound } from '../command/failures.ts';
import { imageRecord, nativeImage } from './image.ts';
import { read } from '../command/read.ts';
import { repositoryOf } from './repository.ts';

export interface Images {
  find(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined>;
  /** Other namespaces of containerd that have such an image. */
  namespacesWith(image: string, but: string, signal: AbortSignal): Promise<string[]>;
  /** Images may be others than before. */
  forget(): void;
}

/** An image is asked for several times within one launch. */
const rememberMs = 2_000;

export function createImages(client: Client): Images {
  const known = new Map<string, { at: number; found: Promise<ImageRecord | undefined> }>();

  async function find(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined> {
    signal.throwIfAborted();
    const before = known.get(reference);
    if (before !== undefined && performance.now() - before.at < rememberMs) return before.found;
    const found = inspect(reference, signal);
    known.set(reference, { at: performance.now(), found });
    try {
      const record = await found;
      if (record === undefined) known.delete(reference);
      else known.set(record.id, { at: performance.now(), found });
      return record;
    } catch (error) {
      known.delete(reference);
      throw error;
    }
  }

  async function inspect(reference: string, signal: AbortSignal): Promise<ImageRecord | undefined> {
    const isId = isImageId(reference) || /^[0-9a-f]{7,63}$/.test(reference);
    if (!isId && !isReference(reference)) return undefined;
    const answer = await client.run(['image', 'inspect', '--mode=native', '--', reference], { signal });
    if (!isFound(answer)) return undefined;
    const all = read('image', answer.stdout, z.array(nativeImage));
    // A digest is found under any name.
    const [first] = isId ? all : all.filter(({ Image }) => repositoryOf(Image.Name) === repositoryOf(reference));
    return first && imageRecord(first);
  }

  async function namespacesWith(reference: string, but: string, signal: AbortSignal): Promise<string[]> {
    const answer = await client.run(['namespace', 'ls', '--quiet'], { signal });
    if (answer.exitCode !== 0) return [];
    const others = answer.stdout.split('\n').filter((name) => name !== '' && name !== but);
    const has = await Promise.all(
      others.map((name) => client.run(['--namespace', name, 'image', 'inspect', '--', reference], { signal })),
    );
    return others.filter((_, at) => has[at]?.exitCode === 0);
  }

  return { find, namespacesWith, forget: () => known.clear() };
}

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}
