import type { PathView } from './places.ts';
import { type Refusal, refused } from './refusal.ts';

/** What a path of ours leads to: absolute, without links. */
export function resolve(path: string, { realpath }: PathView): string | Refusal {
  try {
    return realpath(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (['ENOENT', 'ENOTDIR'].includes(code)) return refused('does not exist in this container');
    return refused(`cannot be followed in this container: ${code}`);
  }
}
