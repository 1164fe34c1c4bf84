import type { CreateRequest } from '../runtime/runtime.ts';
import type { Json, Members } from './members.ts';

/** A network that the container is in, and what was asked for there. */
export interface Endpoint {
  readonly network: string;
  readonly path: string;
  readonly asked: Json;
  /** The engine takes only one network when it creates a container. */
  readonly afterwards: boolean;
}

export interface Networks {
  readonly mode: string | undefined;
  /** Of the network that the mode names. */
  readonly main: Endpoint | undefined;
  readonly others: readonly Endpoint[];
}

/** Not the engine's own, nor somebody else's, where there are no aliases, addresses and links. */
export function isUserDefined(network: string | undefined): network is string {
  return network !== undefined && !/^(?:|default|bridge|host|none|container:.*)$/.test(network);
}

export function networksOf(body: Members, host: Members, connect: CreateRequest['connect']): Networks {
  const mode = host.text('NetworkMode') || undefined;
  const config = body.inner('NetworkingConfig').inner('EndpointsConfig');
  const atCreate = config.names().map((network) => ({
    network,
    path: config.pathOf(network),
    asked: config.object(network) ?? {},
    afterwards: false,
  }));
  const mainNames = isUserDefined(mode) ? [mode] : [mode, 'default', 'bridge'];
  const main = atCreate.find(({ network }) => mainNames.includes(network));
  const afterwards = connect.map(({ network, endpoint }) => ({
    network,
    path: `Networks.${network}`,
    asked: endpoint,
    afterwards: true,
  }));
  return { mode, main, others: [...atCreate.filter((other) => other !== main), ...afterwards] };
}
