import { type Facts, no, type Part, when } from './can.ts';
import type { Client } from '../command/client.ts';

export const noConnect =
  'nerdctl has no `network connect`: the networks of a container are those that it was made with';

/** Programs that a network of the usual driver is made of, as nerdctl asks for them. */
const needed = ['bridge', 'portmap', 'firewall', 'tuning', 'host-local'];
const missing = 'folder=$1; shift; for name; do [ -x "$folder/$name" ] || echo "$name"; done';

export const networks: Part<'networks' | 'networkConnect' | 'networkAliases' | 'staticIp'> = async ({
  client,
  signal,
}: Facts) => {
  const folder = await cniFolder(client, signal);
  const { stdout } = await client.runProgram(['sh', '-c', missing, 'sh', folder, ...needed], { signal });
  const lacks = stdout.split('\n').filter(Boolean).join(', ');
  const plugins = when(lacks === '', `its host has no CNI plugins ${lacks} in ${folder}`);
  return {
    networks: plugins,
    staticIp: plugins,
    networkConnect: no(noConnect),
    networkAliases: no('nerdctl has no --network-alias'),
  };
};

/** Where nerdctl looks for the plugins of CNI, by its settings; only its help tells. */
export async function cniFolder(client: Client, signal: AbortSignal): Promise<string> {
  const { stdout } = await client.run(['--help'], { signal });
  return /--cni-path string .*\(default "(.*?)"\)/.exec(stdout)?.[1] ?? '/opt/cni/bin';
}
