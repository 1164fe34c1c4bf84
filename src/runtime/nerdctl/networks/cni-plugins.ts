import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import type { Client } from '../command/client.ts';

/** A network as a file of CNI has it. */
export const networkList = z.looseObject({
  cniVersion: z.string().default('0.4.0'),
  name: z.string(),
  plugins: z.array(z.looseObject({ type: z.string() })),
});
export type NetworkList = z.output<typeof networkList>;

/** What plugins tell of what they have done; each gets that of the one before. */
export const cniResult = z.looseObject({ ips: z.array(z.looseObject({ address: z.string() })).nullish() });
export type CniResult = z.output<typeof cniResult>;

/** A place where a network is attached to a container. */
export interface Attachment {
  readonly containerId: string;
  /** Path; empty where it is gone. */
  readonly namespace: string;
  readonly interface: string;
}

/** `-x`: a program of that name elsewhere on the PATH (`bridge` is one) is another. */
const runPlugin =
  'IFS=:; for folder in $CNI_PATH; do [ -x "$folder/$1" ] || continue; printf %s "$OFFSHOOT_CNI" | "$folder/$1"; exit; done; echo "no plugin $1 in $CNI_PATH" >&2; exit 127';

/** Runs the plugins of networks, as the specification of CNI has it. `path`: their folders, by colons. */
export function cniPlugins(
  client: Client,
  path: string,
): {
  /** @throws EngineRefusedError in the plugin's words; what was done before stays */
  add(network: NetworkList, where: Attachment, signal: AbortSignal): Promise<CniResult>;
  /** All of them, whatever one says. @throws EngineRefusedError */
  remove(network: NetworkList, where: Attachment, result: CniResult | undefined, signal: AbortSignal): Promise<void>;
} {
  async function run(
    command: 'ADD' | 'DEL',
    type: string,
    config: object,
    where: Attachment,
    signal: AbortSignal,
  ): Promise<string> {
    const env = {
      CNI_COMMAND: command,
      CNI_CONTAINERID: where.containerId,
      CNI_NETNS: where.namespace,
      CNI_IFNAME: where.interface,
      CNI_ARGS: 'IgnoreUnknown=1',
      CNI_PATH: path,
      OFFSHOOT_CNI: JSON.stringify(config),
    };
    const { exitCode, stdout, stderr } = await client.runProgram(['sh', '-c', runPlugin, 'sh', type], { signal, env });
    if (exitCode === 0) return stdout;
    const verb = command === 'ADD' ? 'attach' : 'detach';
    throw new EngineRefusedError(`the CNI plugin ${type} refused to ${verb} it: ${wordsIn(stdout) ?? stderr.trim()}`);
  }

  return {
    async add(network, where, signal) {
      let result: CniResult | undefined;
      for (const plugin of network.plugins)
        result = resultIn(await run('ADD', plugin.type, configOf(network, plugin, result), where, signal), plugin.type);
      return result ?? {};
    },

    async remove(network, where, result, signal) {
      const failures: unknown[] = [];
      for (const plugin of network.plugins.toReversed()) {
        const work = run('DEL', plugin.type, configOf(network, plugin, result), where, signal);
        await work.catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

function configOf({ name, cniVersion }: NetworkList, plugin: object, result: CniResult | undefined): object {
  return { ...plugin, name, cniVersion, ...(result !== undefined && { prevResult: result }) };
}

function resultIn(text: string, type: string): CniResult {
  try {
    return cniResult.parse(JSON.parse(text));
  } catch {
    throw new EngineRefusedError(`the CNI plugin ${type} answered in a way that offshoot does not understand`);
  }
}

const failure = z.object({ msg: z.string(), details: z.string().optional() });

function wordsIn(text: string): string | undefined {
  try {
    const { msg, details } = failure.parse(JSON.parse(text));
    return details ? `${msg}: ${details}` : msg;
  } catch {
    return undefined;
  }
}
