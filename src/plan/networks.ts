import { isIPv4, isIPv6 } from 'node:net';
import { cutField, splitFields } from './csv.ts';
import { firstTwice } from './lists.ts';
import { nearest } from './nearest.ts';

/** A network that is asked for, or a mode in place of networks: `host`, `none`, `container:NAME`. */
export interface NetworkAddition {
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  readonly ipv4Address?: string | undefined;
  readonly ipv6Address?: string | undefined;
  readonly driverOpts?: Readonly<Record<string, string>> | undefined;
  /** The network with the highest has the default gateway. */
  readonly gwPriority?: number | undefined;
}

const options = ['name', 'alias', 'ip', 'ip6', 'driver-opt', 'gw-priority'];
const repeatable = ['alias', 'driver-opt'];

/** A mode is no network: nothing can be added to it. */
export function isNetworkMode(name: string): boolean {
  return name === 'host' || name === 'none' || name.startsWith('container:');
}

/**
 * What `docker run --network` takes: a name or mode, or `name=NET,alias=A,ip=…,ip6=…,driver-opt=K=V,gw-priority=N`.
 * @throws Error with the problem
 */
export function parseNetwork(text: string): NetworkAddition {
  if (!text.includes('=')) return { name: parseName(text) };
  const fields = splitFields(text).map(cutField);
  for (const [key, value] of fields) if (!options.includes(key) || !value) throw new Error(problemOf(key, value));
  const twice = firstTwice(
    fields.filter(([key]) => !repeatable.includes(key)),
    ([key]) => key,
  );
  if (twice !== undefined) throw new Error(`${twice[0]} is given twice`);

  const all = (key: string): string[] => fields.flatMap(([name, value]) => (name === key && value ? [value] : []));
  const [name, ip, ip6, priority] = ['name', 'ip', 'ip6', 'gw-priority'].map((key) => all(key)[0]);
  if (name === undefined) throw new Error('has no name; expected name=NETWORK and its options');
  if (isNetworkMode(name)) throw new Error(`${name} is a mode and takes no options; expected it alone`);
  if (ip !== undefined && !isIPv4(ip)) throw new Error(`ip=${ip} is no IPv4 address`);
  if (ip6 !== undefined && (!isIPv6(ip6) || ip6.includes('%'))) throw new Error(`ip6=${ip6} is no IPv6 address`);
  if (priority !== undefined && !/^-?\d{1,9}$/.test(priority))
    throw new Error(`gw-priority=${priority} is no whole number`);
  return {
    name: parseName(name),
    aliases: listOrNone(all('alias')),
    ipv4Address: ip,
    ipv6Address: ip6,
    driverOpts: parseDriverOpts(all('driver-opt')),
    gwPriority: priority === undefined ? undefined : Number(priority),
  };
}

function problemOf(key: string, value: string | undefined): string {
  if (options.includes(key)) return `${key} needs a value: ${key}=…`;
  const near = nearest(key, options);
  const hint = near === undefined ? `expected some of ${options.join(', ')}` : `did you mean ${near}?`;
  return `${value === undefined ? key : `${key}=`} is no option of a network; ${hint}`;
}

function parseName(name: string): string {
  const peer = /^container:(.*)$/.exec(name)?.[1];
  if (peer === undefined ? /^[^\s\p{Cc},:/]+$/u.test(name) : /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(peer)) return name;
  throw new Error('expected the name of a network, bridge, host, none or container:NAME; several are words: one two');
}

function parseDriverOpts(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  const pairs = texts.map((text) => {
    const [key, value] = cutField(text);
    if (key === '' || value === undefined) throw new Error(`driver-opt=${text} is not driver-opt=KEY=VALUE`);
    return [key, value] as const;
  });
  const twice = firstTwice(pairs, ([key]) => key);
  if (twice !== undefined) throw new Error(`driver-opt=${twice[0]} is given twice`);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function listOrNone(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}

/** @throws Error where they contradict each other */
export function mergeNetworks(networks: readonly NetworkAddition[]): readonly NetworkAddition[] {
  const twice = firstTwice(networks, ({ name }) => name);
  if (twice !== undefined) throw new Error(`the network ${twice.name} is given twice`);
  const mode = networks.find(({ name }) => isNetworkMode(name));
  const other = networks.find((network) => network !== mode);
  if (mode === undefined || other === undefined) return networks;
  throw new Error(`${mode.name} is a mode and ${other.name} is given as well; expected the mode alone, or networks`);
}
