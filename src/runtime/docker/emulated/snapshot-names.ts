import { createHash } from 'node:crypto';
import type { ImageSummary } from '../../runtime.ts';

/** On the container of a writable one, and on the image of a committed one. Containers inherit labels of their images. */
export const label = {
  active: 'io.offshoot.snapshot.key',
  committed: 'io.offshoot.snapshot.name',
  parent: 'io.offshoot.snapshot.parent',
} as const;

const repository = 'offshoot-snapshot';

export function containerName(key: string): string {
  return `${repository}-${plain(key)}`;
}

export function imageName(name: string): string {
  return `${repository}:${plain(name)}`;
}

/** Others have inherited its label. Podman says a name in full. */
export function isSnapshot({ tags, labels }: Pick<ImageSummary, 'tags' | 'labels'>): boolean {
  const name = labels[label.committed];
  return name !== undefined && tags.some((tag) => tag.replace(/^.*\//, '') === imageName(name));
}

/** As a tag and as part of a container's name: what neither can hold is replaced, and a digest tells such keys apart. */
function plain(key: string): string {
  if (/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}$/.test(key)) return key;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${key.replaceAll(/[^a-zA-Z0-9_.-]/g, '_').slice(0, 80)}.${digest}`;
}
