import type { CreateRequest } from '../runtime/runtime.ts';
import { type Entry, given, list, listed, map, number, type Rule, text, unsayable } from './compose-rules.ts';
import { type Endpoint, isUserDefined, type Networks, networksOf } from './endpoints.ts';
import { type Json, type Members, membersOf } from './members.ts';
import { isNote, type Note, note } from './rendering.ts';

export interface ComposeNetworks {
  readonly entries: readonly Entry[];
  /** Names of networks that have to be there. */
  readonly external: readonly string[];
  readonly notes: readonly Note[];
}

const ofEndpoint: Readonly<Record<string, Rule>> = {
  Aliases: list('aliases'),
  DriverOpts: map('driver_opts'),
  GwPriority: number('gw_priority'),
  MacAddress: text('mac_address'),
};
const ofAddresses: Readonly<Record<string, Rule>> = {
  IPv4Address: text('ipv4_address'),
  IPv6Address: text('ipv6_address'),
  LinkLocalIPs: list('link_local_ips'),
};

/** A service is in networks of the user, or has a mode, and then nothing else. */
export function composeNetworks(body: Members, host: Members, connect: CreateRequest['connect']): ComposeNetworks {
  const networks = networksOf(body, host, connect);
  const links = host.texts('Links') ?? [];
  const mac = body.text('MacAddress') || undefined;
  const { mode } = networks;
  return isUserDefined(mode)
    ? inNetworks(mode, networks, links, mac, body.pathOf('MacAddress'))
    : withMode(mode, networks, links, mac, body.pathOf('MacAddress'));
}

type Texts = readonly string[];
type MaybeText = string | undefined;

function withMode(
  mode: MaybeText,
  { main, others }: Networks,
  links: Texts,
  mac: MaybeText,
  macPath: string,
): ComposeNetworks {
  const network = mode === undefined || mode === 'default' ? 'bridge' : mode;
  const endpoint = membersOf(main?.asked ?? {}, main?.path);
  const address = endpoint.text('MacAddress') || mac;
  return {
    entries: [
      { key: 'network_mode', value: network },
      ...given('mac_address', address),
      ...listed('external_links', links),
    ],
    external: [],
    notes: [
      ...unsayable(endpoint.left()),
      ...others.map(({ path }) => note(path, `compose knows no other network beside ${network}`)),
      ...(address === undefined ? [] : [note(macPath, 'compose does not say it to newer engines in this network')]),
    ],
  };
}

function inNetworks(
  mode: string,
  { main, others }: Networks,
  links: Texts,
  mac: MaybeText,
  macPath: string,
): ComposeNetworks {
  const first = main ?? { network: mode, path: '', asked: {}, afterwards: false };
  const sayable = [first, ...others].filter(({ network }) => isUserDefined(network));
  const said = sayable.map((endpoint) => endpointOf(endpoint, sayable.length > 1 && endpoint === first));
  const linked = said.filter((one) => one.links.length > 0);
  const ofFirst = first.asked['MacAddress'];
  return {
    entries: [
      { key: 'networks', value: Object.fromEntries(said.map(({ network, value }) => [network, value])) },
      ...given('mac_address', ofFirst ? undefined : mac),
      ...listed('external_links', [...links, ...linked.flatMap((one) => one.links)]),
    ],
    external: said.map(({ network }) => network),
    notes: [
      ...said.flatMap(({ notes }) => notes),
      ...others
        .filter(({ network }) => !isUserDefined(network))
        .map(({ path }) => note(path, "compose knows no network of the engine's own beside others")),
      // Links are of the service, in all its networks.
      ...(said.length > 1
        ? linked.map(({ path }) => note(`${path}.Links`, 'compose makes links in all networks'))
        : []),
      ...(ofFirst && mac && ofFirst !== mac ? [note(macPath, 'another one than that of the first network')] : []),
    ],
  };
}

interface SaidEndpoint {
  readonly network: string;
  readonly path: string;
  readonly value: Json;
  readonly links: readonly string[];
  readonly notes: readonly Note[];
}

/** The one with the highest priority names the mode. */
function endpointOf({ network, path, asked }: Endpoint, first: boolean): SaidEndpoint {
  const endpoint = membersOf(asked, path);
  const ipam = endpoint.inner('IPAMConfig');
  const said = [
    ...Object.entries(ofEndpoint).flatMap(([name, rule]) => rule(endpoint, name)),
    ...Object.entries(ofAddresses).flatMap(([name, rule]) => rule(ipam, name)),
    ...(first ? [{ key: 'priority', value: 1 }] : []),
  ];
  const links = endpoint.texts('Links') ?? [];
  const entries = said.filter((one) => !isNote(one)) as Entry[];
  return {
    network,
    path,
    value: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    links,
    notes: [...said.filter(isNote), ...unsayable(endpoint.left())],
  };
}
