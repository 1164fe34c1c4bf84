import { posix } from 'node:path';
import * as z from 'zod';
import { ConflictError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import type { FileStat } from '../../runtime.ts';
import { ask, pathOf } from '../wire/ask.ts';
import type { ApiResponse } from '../wire/api.ts';
import type { Connection } from '../connect/connect.ts';
import { read } from '../wire/read.ts';

type FileCalls = Pick<Adapter, 'copyIn' | 'copyOut' | 'readFile' | 'writeFile'>;

export function fileCalls({ api, libpod }: Connection): FileCalls {
  async function archive(id: string, path: string, signal: AbortSignal): Promise<ApiResponse> {
    const request = { method: 'GET', path: pathOf(id, 'archive'), query: { path }, signal } as const;
    return ask(api, request, { what: `copy ${path} out`, missing: missing(id, path) });
  }

  async function copyIn(
    id: string,
    folder: string,
    tar: AsyncIterable<Uint8Array> | Uint8Array,
    signal: AbortSignal,
  ): Promise<void> {
    const query = { path: folder };
    if (libpod !== undefined) await checkFolder(id, folder, signal);
    const request = { method: 'PUT', path: pathOf(id, 'archive'), query, tar, signal, timeoutMs: Infinity } as const;
    await (await ask(api, request, { what: `copy to ${folder}`, missing: missing(id, folder) })).discard();
  }

  /** Podman makes the folder that is missing. */
  async function checkFolder(id: string, path: string, signal: AbortSignal): Promise<void> {
    const request = { method: 'HEAD', path: pathOf(id, 'archive'), query: { path }, signal } as const;
    await (await ask(api, request, { what: `copy to ${path}`, missing: missing(id, path) })).discard();
  }

  return {
    copyIn: (id, folder, tar, { signal }) => copyIn(id, folder, tar, signal),

    async copyOut(id, path, { signal }) {
      const response = await archive(id, path, signal);
      return { stat: statOf(response), tar: response.stream() };
    },

    async readFile(id, path, { signal }) {
      const response = await archive(id, path, signal);
      const { type } = statOf(response);
      if (type !== 'file') {
        // The whole folder would follow.
        await response.stream()[Symbol.asyncIterator]().return?.();
        throw new ConflictError(`${path} is a ${type}, and no file`);
      }
      const { firstEntry } = await import('./tar.ts');
      return (await firstEntry(response.stream()))?.data ?? Buffer.alloc(0);
    },

    async writeFile(id, path, data, { mode = 0o644, uid = 0, gid = 0, signal }) {
      const { tarOf } = await import('./tar.ts');
      const { dir, base } = posix.parse(path);
      const header = { name: base, mode, uid, gid, mtime: new Date(), type: 'file' };
      await copyIn(id, dir, tarOf(header, Buffer.from(data)), signal);
    },
  };
}

function missing(id: string, path: string): [kind: 'file', reference: string] {
  return ['file', `${path} in ${id}, or no such container`];
}

const stat = z.object({
  name: z.string(),
  size: z.number(),
  mode: z.number(),
  mtime: z.string(),
  linkTarget: z.string().default(''),
});

/** Kinds of files, in the bits of Go's os.FileMode. */
const directory = 2 ** 31;
const link = 2 ** 27;
const others = 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21;

function statOf(response: ApiResponse): FileStat {
  const header = response.header('x-docker-container-path-stat');
  if (header === undefined) throw new NotFoundError('file', 'that the engine describes');
  return read('file', () => {
    const { name, size, mode, mtime, linkTarget } = stat.parse(JSON.parse(Buffer.from(header, 'base64').toString()));
    const has = (bits: number): boolean => (BigInt(mode) & BigInt(bits)) !== 0n;
    return {
      name,
      size,
      mode: mode & 0o777,
      type: has(directory) ? 'directory' : has(link) ? 'link' : has(others) ? 'other' : 'file',
      modifiedAt: new Date(mtime),
      // Podman says its own path of what is no link.
      linkTarget: has(link) ? linkTarget : undefined,
    };
  });
}
