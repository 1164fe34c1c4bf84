import { type Flag, list, map, number, type Rule, type Said, text } from './docker-rules.ts';
import { type Endpoint, isUserDefined, networksOf } from './endpoints.ts';
import { type Members, membersOf } from './members.ts';
import { isNote, note, notesOf } from './rendering.ts';
import type { CreateRequest } from '../runtime/runtime.ts';
import { csv } from './words.ts';

export interface DockerNetworks {
  readonly said: readonly Said[];
  /** What only `docker network connect` can say, after the container was created. */
  readonly connect: readonly { readonly network: string; readonly said: readonly Said[] }[];
}

interface Form {
  readonly own: Readonly<Record<string, Rule>>;
  readonly addresses: Readonly<Record<string, Rule>>;
}

const addresses = { IPv4Address: text('--ip'), IPv6Address: text('--ip6'), LinkLocalIPs: list('--link-local-ip') };
const short: Form = { own: { Aliases: list('--network-alias') }, addresses };
const shortOfEnginesOwn: Form = { own: {}, addresses };
/** The fields of `--network name=…`: these have no flags of their own. */
const onlyLong: Readonly<Record<string, Rule>> = { DriverOpts: map('driver-opt'), GwPriority: number('gw-priority') };
const long: Form = {
  own: { Aliases: list('alias'), MacAddress: text('mac-address'), ...onlyLong },
  addresses: { IPv4Address: text('ip'), IPv6Address: text('ip6'), LinkLocalIPs: list('link-local-ip') },
};
/** Of `docker network connect`. */
const connecting: Form = {
  own: {
    Aliases: list('--alias'),
    Links: list('--link'),
    DriverOpts: map('--driver-opt'),
    GwPriority: number('--gw-priority'),
  },
  addresses,
};
/** These take several values in one word. */
const rows = ['--alias', '--driver-opt', '--link-local-ip'];

export function dockerNetworks(body: Members, host: Members, connect: CreateRequest['connect']): DockerNetworks {
  const { mode, main, others } = networksOf(body, host, connect);
  const later = others.map((other) => ({ other, flag: isUserDefined(mode) ? longForm(other) : undefined }));
  return {
    said: [...mainNetwork(body, host, mode, main), ...later.flatMap(({ flag }) => flag ?? [])],
    connect: later.flatMap(({ other, flag }) =>
      flag === undefined ? [{ network: other.network, said: connection(other) }] : [],
    ),
  };
}

function mainNetwork(body: Members, host: Members, mode: string | undefined, main: Endpoint | undefined): Said[] {
  const endpoint = membersOf(main?.asked ?? {}, main?.path);
  const ofUser = isUserDefined(mode);
  // In a network of the user they are said of both the container and its endpoint, and by one flag.
  const links = new Set([...(host.texts('Links') ?? []), ...((ofUser && endpoint.texts('Links')) || [])]);
  return [
    ...networkFlag(mode, endpoint),
    ...said(ofUser ? short : shortOfEnginesOwn, endpoint),
    ...[...links].map((value) => ({ flag: '--link', value })),
    ...macAddress(body, endpoint),
    ...leftOf(endpoint),
  ];
}

/** In the long form only where there is something without a flag of its own: it writes everything in lower case. */
function networkFlag(mode: string | undefined, endpoint: Members): Said[] {
  const options = Object.entries(onlyLong).flatMap(([name, rule]) => rule(endpoint, name));
  const network = mode ?? 'default';
  const words = fieldsOf(network, options);
  const asLong = words.length > 1 && isLowerCase(words);
  const notes = options.filter(isNote);
  const value = asLong ? csv(words) : network;
  return [
    ...(value === 'default' ? [] : [{ flag: '--network', value }]),
    ...notes,
    ...(words.length > 1 && !asLong
      ? [note(endpoint.path, 'docker run writes options of a network in lower case')]
      : []),
  ];
}

/** The container's own, and the endpoint's: the same, unless somebody asked for both. */
function macAddress(body: Members, endpoint: Members): Said[] {
  const [value, other] = new Set([body.text('MacAddress'), endpoint.text('MacAddress')].filter(Boolean));
  return [
    ...(value === undefined ? [] : [{ flag: '--mac-address', value }]),
    ...(other === undefined ? [] : [note(endpoint.pathOf('MacAddress'), 'docker run takes one address')]),
  ];
}

/** Undefined where it cannot say all. */
function longForm({ network, path, asked, afterwards }: Endpoint): Flag | undefined {
  if (afterwards) return undefined;
  const endpoint = membersOf(asked, path);
  const options = said(long, endpoint);
  const words = fieldsOf(network, options);
  if (!isUserDefined(network) || notesOf(options).length > 0 || endpoint.left().length > 0) return undefined;
  if (words.length === 1) return { flag: '--network', value: network };
  return isLowerCase(words) ? { flag: '--network', value: csv(words) } : undefined;
}

function connection({ path, asked }: Endpoint): Said[] {
  const endpoint = membersOf(asked, path);
  const flags = said(connecting, endpoint).map((one) =>
    'value' in one && rows.includes(one.flag) ? { flag: one.flag, value: csv([one.value ?? '']) } : one,
  );
  return [...flags, ...leftOf(endpoint)];
}

function said({ own, addresses: ofIpam }: Form, endpoint: Members): Said[] {
  const ipam = endpoint.inner('IPAMConfig');
  return [
    ...Object.entries(own).flatMap(([name, rule]) => rule(endpoint, name)),
    ...Object.entries(ofIpam).flatMap(([name, rule]) => rule(ipam, name)),
  ];
}

function fieldsOf(network: string, options: readonly Said[]): string[] {
  return [`name=${network}`, ...options.flatMap((one) => (isNote(one) ? [] : [`${one.flag}=${one.value ?? ''}`]))];
}

function isLowerCase(words: readonly string[]): boolean {
  return words.every((word) => word === word.toLowerCase() && word === word.trim());
}

function leftOf(endpoint: Members): Said[] {
  return endpoint.left().map((path) => note(path, 'docker cannot say this of a network'));
}
