import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { ConflictError, EngineRefusedError, NotFoundError, type OffshootError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import type { ByteStream, FileStat } from '../../runtime.ts';
import type { Running } from '../command/client.ts';
import { rootOf } from './container-root.ts';
import { ends, jailed, noTools } from './jail.ts';
import type { Tools } from '../connect/tools.ts';

type FileCalls = Pick<Adapter, 'copyIn' | 'copyOut' | 'readFile' | 'writeFile'>;

export function fileCallsOf(tools: Tools): FileCalls {
  async function begin(operation: 'in' | 'out', id: string, path: string, signal: AbortSignal): Promise<Running> {
    const root = await rootOf(tools, id, signal);
    const more = operation === 'in' ? { stdin: true } : { aside: true };
    return tools.client.streamProgram(jailed([operation, path, ...root]), { signal, ...more });
  }

  async function copyIn(id: string, folder: string, tar: ByteStream | Uint8Array, signal: AbortSignal): Promise<void> {
    const running = await begin('in', id, folder, signal);
    const words = wordsOf(running);
    try {
      await give(running, tar instanceof Uint8Array ? [tar] : tar);
      const { exitCode } = await running.ended;
      signal.throwIfAborted();
      if (exitCode !== 0) throw failure(exitCode, await words, `${folder} in ${id}`);
    } finally {
      running.kill();
    }
  }

  async function copyOut(
    id: string,
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly stat: FileStat; readonly tar: ByteStream }> {
    const running = await begin('out', id, path, signal);
    const words = wordsOf(running);
    const told = running.aside && (await beforeNul(running.aside));
    if (told === undefined) {
      const { exitCode } = await running.ended;
      signal.throwIfAborted();
      throw failure(exitCode, await words, `${path} in ${id}`);
    }
    return { stat: statIn(told, path), tar: archive() };

    async function* archive(): AsyncGenerator<Uint8Array> {
      try {
        for await (const data of running.stdout) yield data as Uint8Array;
        const { exitCode } = await running.ended;
        if (exitCode !== 0) throw failure(exitCode, await words, `${path} in ${id}`);
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      } finally {
        running.kill();
      }
    }
  }

  return {
    copyIn: (id, folder, tar, { signal }) => copyIn(id, folder, tar, signal),
    copyOut: (id, path, { signal }) => copyOut(id, path, signal),

    async readFile(id, path, { signal }) {
      const { stat, tar } = await copyOut(id, path, signal);
      if (stat.type !== 'file') {
        // The whole folder would follow.
        await tar[Symbol.asyncIterator]().return?.();
        throw new ConflictError(`${path} is a ${stat.type}, and no file`);
      }
      const { firstEntry } = await import('../../docker/containers/tar.ts');
      return (await firstEntry(tar))?.data ?? Buffer.alloc(0);
    },

    async writeFile(id, path, data, { mode = 0o644, uid = 0, gid = 0, signal }) {
      const { tarOf } = await import('../../docker/containers/tar.ts');
      const { dir, base } = posix.parse(path);
      const header = { name: base, mode, uid, gid, mtime: new Date(), type: 'file' };
      await copyIn(id, dir, tarOf(header, Buffer.from(data)), signal);
    },
  };
}

/** Is there such a file? `undefined` where that cannot be seen. */
export async function fileExists(
  tools: Tools,
  id: string,
  path: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const root = await rootOf(tools, id, signal);
  const { exitCode } = await tools.client.runProgram(jailed(['look', path, ...root]), { signal });
  return exitCode === 0 ? true : exitCode === ends.missing ? false : undefined;
}

/** All of it, unless it is not taken: then its end tells why. */
async function give({ stdin, ended }: Running, tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  stdin?.on('error', () => {}); // told below
  const over = ended.then(() => undefined);
  const source = chunksIn(tar);
  try {
    for (;;) {
      const next = await Promise.race([source.next(), over]);
      if (next === undefined) return;
      if (next.done) break;
      const taken = new Promise<true>((resolve) => void stdin?.write(next.value, () => resolve(true)));
      if ((await Promise.race([taken, over])) === undefined) return;
    }
    stdin?.end();
  } finally {
    // Not awaited: it may wait for something that does not come.
    source.return(undefined).catch(() => {});
  }
}

async function* chunksIn(tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  yield* tar;
  return undefined;
}

async function wordsOf({ stderr }: Running): Promise<string> {
  let text = '';
  for await (const data of stderr) if (text.length < mostWords) text += (data as Buffer).toString();
  return text.trim().slice(0, mostWords);
}

const mostWords = 1_000;

function failure(exitCode: number, words: string, what: string): OffshootError {
  if (exitCode === ends.missing) return new NotFoundError('file', what);
  if (exitCode === ends.wrongKind) return new ConflictError(`${what} is no folder`);
  const reason =
    exitCode === ends.unseen
      ? 'its processes are not to be seen from here'
      : exitCode === ends.noMounts || exitCode === 127
        ? `${noTools}, or they may not be used: ${words}`
        : undefined;
  if (reason !== undefined) return notSupported('nerdctl', 'copy', 'copy', reason);
  return new EngineRefusedError(`${what} could not be copied: ${words || `status ${exitCode}`}`);
}

/** Kinds of files, in the bits of the kernel's mode. */
const kinds: Readonly<Record<number, FileStat['type']>> = { 0o10: 'file', 0o04: 'directory', 0o12: 'link' };

/** `MODE SIZE TIME`, the first in hexadecimal digits; on the next line where a link leads. */
export function statIn(told: string, path: string): FileStat {
  const [line = '', ...link] = told.split('\n');
  const [bits = '', size = '', time = ''] = line.split(' ');
  const mode = Number.parseInt(bits, 16);
  const type = kinds[mode >> 12] ?? 'other';
  return {
    name: posix.basename(path) || '/',
    size: Number(size),
    mode: mode & 0o777,
    type,
    modifiedAt: new Date(Number(time) * 1_000),
    linkTarget: type === 'link' ? link.slice(0, -1).join('\n') : undefined,
  };
}

/** Undefined where it ends before. */
async function beforeNul(aside: Readable): Promise<string | undefined> {
  let text = '';
  try {
    for await (const data of aside) {
      text += (data as Buffer).toString();
      const at = text.indexOf('\0');
      if (at >= 0) return text.slice(0, at);
    }
  } catch {
    // It is broken off: who ends it tells why.
  }
  return undefined;
}
