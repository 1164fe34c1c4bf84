import { posix } from 'node:path';
import type { Client } from './client.ts';
import type { Lookup } from './lookup.ts';

/**
 * nerdctl keeps a file for each name, which tells the id of its container. It takes the file away also when a container
 * has ended that somebody was attached to, though the container is still there; and it leaves the file behind when it is
 * killed before it has made the container.
 */
export interface Names {
  /** Another container that has the name; ours, which got it just now, is the later one then. */
  otherOf(name: string, id: string, signal: AbortSignal): Promise<string | undefined>;
  /** Takes the file away of a container that was never made. Resolves with whether the name is free now. */
  release(name: string, holder: string, signal: AbortSignal): Promise<boolean>;
}

/** A container is removed before its name is: what has no container for so long has lost it. */
const staleMs = 1_000;

export function createNames(client: Client, lookup: Lookup, namespace: string): Names {
  const missing = new Map<string, number>();
  return {
    async otherOf(name, id, signal) {
      const ids = await lookup.named(name, signal);
      return ids.find((one) => one !== id);
    },

    async release(name, holder, signal) {
      if ((await lookup.state(holder, signal)) !== undefined) return false;
      const store = lookup.dataStore();
      const since = missing.get(holder) ?? performance.now();
      missing.set(holder, since);
      if (store === undefined || performance.now() - since < staleMs) return false;
      const file = posix.join(store, 'names', namespace, name);
      const { exitCode } = await client.runProgram(['sh', '-c', unlock, 'sh', file, holder], { signal });
      return exitCode === 0;
    },
  };
}

/** Under the lock that nerdctl itself takes, where the host has a program for it. */
const unlock = `
[ -z "$(command -v flock)" ] || { exec 9<"\${1%/*}" && flock -x -w 5 9; } || exit 1
[ "$(cat "$1")" = "$2" ] && rm -f "$1"`;
