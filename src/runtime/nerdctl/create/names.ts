import { posix } from 'node:path';
import type { Client } from '../command/client.ts';
import type { Lookup } from '../read/lookup.ts';

/** nerdctl keeps a file for each name, which tells the id of its container, and makes it before the container. */
export interface Names {
  /** Takes the name from a container that a killed nerdctl has not made. Resolves with whether it is free now. */
  release(name: string, holder: string, signal: AbortSignal): Promise<boolean>;
}

/** A container is removed before its name is. What has no container for so long will never have one. */
const staleMs = 1_000;

export function createNames(client: Client, lookup: Lookup, namespace: string): Names {
  const missing = new Map<string, number>();
  return {
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
