import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import type { Client } from '../command/client.ts';
import { type CniResult, cniResult, type NetworkList, networkList } from './cni-plugins.ts';

/** What is known of an attached network. nerdctl and other programs with libcni keep the same files. */
export interface Attached {
  readonly containerId: string;
  readonly interface: string;
  readonly network: NetworkList;
  readonly result: CniResult;
}

const folder = '/var/lib/cni/results';
const readAll = 'for file in "$1"*; do [ -f "$file" ] && cat "$file" && echo; done; true';
const writeOne = 'mkdir -p "${1%/*}" && printf %s "$OFFSHOOT_CNI" >"$1.part" && mv "$1.part" "$1"';

function pathOf({ network, containerId, interface: name }: Attached): string {
  return `${folder}/${network.name}-${containerId}-${name}`;
}

const entry = z.object({ containerId: z.string(), ifName: z.string(), config: z.string(), result: cniResult });

export function cniCache(client: Client): {
  /** `beginning`: of the id that the container has for the plugins. */
  find(network: string, beginning: string, signal: AbortSignal): Promise<Attached | undefined>;
  keep(attached: Attached, signal: AbortSignal): Promise<void>;
  forget(attached: Attached, signal: AbortSignal): Promise<void>;
} {
  return {
    async find(network, beginning, signal) {
      const path = `${folder}/${network}-${beginning}`;
      const { stdout } = await client.runProgram(['sh', '-c', readAll, 'sh', path], { signal });
      return stdout
        .split('\n')
        .map(attachedIn)
        .find((one) => one !== undefined);
    },

    async keep(attached, signal) {
      const { containerId, network, result } = attached;
      const kept = {
        kind: 'cniCacheV1',
        containerId,
        config: Buffer.from(JSON.stringify(network)).toString('base64'),
        ifName: attached.interface,
        networkName: network.name,
        result,
      };
      const path = pathOf(attached);
      const env = { OFFSHOOT_CNI: JSON.stringify(kept) };
      const { exitCode, stderr } = await client.runProgram(['sh', '-c', writeOne, 'sh', path], { signal, env });
      if (exitCode !== 0)
        throw new EngineRefusedError(`what is attached cannot be noted in ${folder}: ${stderr.trim()}`);
    },

    async forget(attached, signal) {
      await client.runProgram(['sh', '-c', 'rm -f "$1"', 'sh', pathOf(attached)], { signal });
    },
  };
}

function attachedIn(line: string): Attached | undefined {
  try {
    const { containerId, ifName, config, result } = entry.parse(JSON.parse(line));
    const network = networkList.parse(JSON.parse(Buffer.from(config, 'base64').toString()));
    return { containerId, interface: ifName, network, result };
  } catch {
    return undefined; // of another version, or nothing
  }
}
