import { lstat } from 'node:fs/promises';
import type { Probe } from './probe.ts';

/** Something is there, of whatever kind. A link counts itself, as it may lead to where only self can go. */
export function fileProbe({ text, path }: { readonly text: string; readonly path: string }): Probe {
  return {
    text,
    async obstacle() {
      try {
        await lstat(path);
        return undefined;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        return code === 'ENOENT' || code === 'ENOTDIR' ? 'it is not there' : `it cannot be seen: ${code}`;
      }
    },
  };
}
