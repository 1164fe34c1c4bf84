import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AlreadyExistsError, NotFoundError } from '../../../errors.ts';
import type { SnapshotMount, SnapshotRecord } from '../../runtime.ts';
import { alreadyExists, type Ctr, ctrRefusal, isNotFound } from '../command/ctr.ts';
import { read } from '../command/read.ts';

/** The snapshots of one snapshotter, one `ctr` for each question. Those that it makes stay: they bear the label for it. */
export interface SnapshotStore {
  /** Keys and their parents. */
  parents(signal: AbortSignal): Promise<ReadonlyMap<string, string | undefined>>;
  info(key: string, signal: AbortSignal): Promise<SnapshotRecord | undefined>;
  /** @throws AlreadyExistsError; NotFoundError for the parent */
  make(verb: 'prepare' | 'view', key: string, parent: string, signal: AbortSignal): Promise<void>;
  /** The writable one is gone then. @throws AlreadyExistsError */
  commit(name: string, key: string, signal: AbortSignal): Promise<void>;
  /** With an empty value it is taken away. */
  label(key: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  mounts(key: string, signal: AbortSignal): Promise<SnapshotMount[]>;
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Lets containerd collect now what it would collect soon. */
  collect(signal: AbortSignal): Promise<void>;
}

/** containerd collects what nothing refers to and what bears none. */
export const rootLabel = 'containerd.io/gc.root';

export function snapshotStore(ctr: Ctr, snapshotter: string): SnapshotStore {
  const run = (args: readonly string[], signal: AbortSignal): ReturnType<Ctr['run']> =>
    ctr.run(['snapshots', '--snapshotter', snapshotter, ...args], signal);

  async function tell(args: readonly string[], what: string, signal: AbortSignal): Promise<void> {
    const answer = await run(args, signal);
    if (answer.exitCode !== 0) throw ctrRefusal(answer, what);
  }

  return {
    async parents(signal) {
      const answer = await run(['ls'], signal);
      if (answer.exitCode !== 0) throw ctrRefusal(answer, 'list its snapshots');
      return parentsIn(answer.stdout);
    },

    async info(key, signal) {
      const answer = await run(['info', key], signal);
      if (isNotFound(answer)) return undefined;
      if (answer.exitCode !== 0) throw ctrRefusal(answer, `tell of the snapshot ${key}`);
      return read('snapshot', answer.stdout, snapshot);
    },

    async make(verb, key, parent, signal) {
      const answer = await run([verb, key, parent], signal);
      if (alreadyExists(answer)) throw taken(key);
      if (isNotFound(answer)) throw new NotFoundError('snapshot', parent);
      if (answer.exitCode !== 0) throw ctrRefusal(answer, `prepare the snapshot ${key}`);
    },

    async commit(name, key, signal) {
      const answer = await run(['commit', name, key], signal);
      if (alreadyExists(answer)) throw taken(name);
      if (isNotFound(answer)) throw new NotFoundError('snapshot', key);
      if (answer.exitCode !== 0) throw ctrRefusal(answer, `commit the snapshot ${key}`);
    },

    async label(key, labels, signal) {
      const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      if (words.length > 0) await tell(['label', key, ...words], `label the snapshot ${key}`, signal);
    },

    async mounts(key, signal) {
      const answer = await run(['mounts', target, key], signal);
      if (isNotFound(answer)) throw new NotFoundError('snapshot', key);
      if (answer.exitCode !== 0) throw ctrRefusal(answer, `mount the snapshot ${key}`);
      return mountsIn(answer.stdout);
    },

    async remove(key, signal) {
      const answer = await run(['rm', key], signal);
      if (answer.exitCode !== 0 && !isNotFound(answer)) throw ctrRefusal(answer, `remove the snapshot ${key}`);
    },

    async collect(signal) {
      const id = `offshoot-${randomUUID()}`;
      const commands = [
        ['create', '--id', id],
        ['delete', '--sync', id],
      ];
      for (const command of commands) {
        const answer = await ctr.run(['leases', ...command], signal);
        if (answer.exitCode !== 0) throw ctrRefusal(answer, 'collect what nothing refers to');
      }
    },
  };
}

const target = '/offshoot-target';

const snapshot = z
  .object({
    Name: z.string(),
    Parent: z.string().default(''),
    Kind: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Created: z.string().optional(),
  })
  .transform(({ Name, Parent, Kind, Labels, Created }): SnapshotRecord => {
    const kind = Kind.toLowerCase();
    return {
      name: Name,
      parent: Parent || undefined,
      kind: kind === 'committed' || kind === 'view' ? kind : 'active',
      createdAt: Created === undefined ? undefined : new Date(Created),
      labels: Labels ?? {},
    };
  });

/** `KEY PARENT KIND`, of which some have no parent. */
export function parentsIn(text: string): ReadonlyMap<string, string | undefined> {
  const rows = text.split('\n').slice(1);
  return new Map(
    rows.flatMap((line) => {
      const words = line.trim().split(/\s+/);
      const [key = ''] = words;
      return key === '' ? [] : [[key, words.length > 2 ? words[1] : undefined] as const];
    }),
  );
}

/** `mount -t TYPE SOURCE TARGET -o OPTIONS`, one a line. */
export function mountsIn(text: string): SnapshotMount[] {
  return text.split('\n').flatMap((line) => {
    const [, type = '', source = '', options = ''] = /^mount -t (\S+) (\S+) \S+(?: -o (\S+))?/.exec(line) ?? [];
    return type === '' ? [] : [{ type, source, options: options === '' ? [] : options.split(',') }];
  });
}

export function taken(name: string): AlreadyExistsError {
  return new AlreadyExistsError(`there is a snapshot ${name} already`);
}
