import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import type { ContainerRecord, ImageRecord } from '../../../../src/runtime/container.ts';
import type { Answer } from '../../../../src/runtime/nerdctl/command/failures.ts';
import { imageRecord, nativeImage } from '../../../../src/runtime/nerdctl/read/image.ts';
import { compatContainer, nativeContainer } from '../../../../src/runtime/nerdctl/read/native.ts';
import { stateOf } from '../../../../src/runtime/nerdctl/read/state.ts';
import { containerRecord } from '../../../../src/runtime/nerdctl/read/record.ts';

/** What a real nerdctl has answered: see test/fixtures/nerdctl/README.md. */
const folder = new URL('../../../fixtures/nerdctl/', import.meta.url);

export const versions = ['1.6', '2'] as const;
export type Version = (typeof versions)[number];

interface Recorded {
  readonly command: readonly string[];
  readonly dockercompat: readonly unknown[];
  readonly native: readonly unknown[];
  readonly [file: string]: unknown;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as T;
}

export function recorded(version: Version, name: string): Recorded {
  return readJson(`containerd-${version}/containers/${name}.json`);
}

export function namesOf(version: Version): string[] {
  return readdirSync(new URL(`containerd-${version}/containers/`, folder)).map((file) => file.replace('.json', ''));
}

export function answersOf(version: Version): Readonly<Record<string, Answer>> {
  return {
    ...readJson<object>(`containerd-${version}/commands.json`),
    ...readJson<object>(`containerd-${version}/after.json`),
  };
}

/** The capabilities of the machine of the recordings, which lacks one. */
const givable = 'CHOWN NET_ADMIN SYS_ADMIN SYS_BOOT SYS_MODULE SYS_PTRACE MKNOD CHECKPOINT_RESTORE'.split(' ');

/** Both images that the containers of the recordings are made from. */
export function imageOf(version: Version, reference: string): ImageRecord {
  const full = answersOf(version)['image-inspect-native']?.stdout ?? '';
  const [image] = z.array(nativeImage).parse(JSON.parse(full));
  if (image === undefined) throw new Error('no image in the recording');
  if (reference.includes('/full')) return imageRecord(image);
  const env = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  return { id: `sha256:${'0'.repeat(64)}`, digests: [], config: { env, command: ['sh'] } };
}

export function recordOf(version: Version, name: string, can: readonly string[] = givable): ContainerRecord {
  const { native, dockercompat } = recorded(version, name);
  const parsed = nativeContainer.parse(native[0]);
  const state = stateOf(compatContainer.parse(dockercompat[0]));
  return containerRecord({ native: parsed, state, image: imageOf(version, parsed.Image), givable: can });
}
