import type { Capabilities, RuntimeVersion } from '../../runtime.ts';
import type { Facts } from './can.ts';
import { ofContainerd } from './can-containerd.ts';
import { containers } from './can-containers.ts';
import { limits } from './can-limits.ts';
import { things } from './can-things.ts';
import { infoOf } from '../connect/info.ts';
import type { Tools } from '../connect/tools.ts';
import { askVersions } from '../connect/versions.ts';

/** What can be done here, as it is now. Each group of calls tells its own part. */
export async function capabilitiesOf(tools: Tools, signal: AbortSignal): Promise<Capabilities> {
  const facts: Facts = { ...tools, signal, info: await infoOf(tools.client, signal) };
  const [ofLimits, ofContainers, ofThings, others] = await Promise.all([
    limits(facts),
    containers(facts),
    things(facts),
    ofContainerd(facts),
  ]);
  return { ...ofLimits, ...ofContainers, ...ofThings, ...others };
}

export async function readVersion({ client }: Tools, signal: AbortSignal): Promise<RuntimeVersion> {
  const { containerd, platform } = await askVersions(client, { signal });
  return { engine: 'containerd', version: containerd, apiVersion: undefined, platform };
}
