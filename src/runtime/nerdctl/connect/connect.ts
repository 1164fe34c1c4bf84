import { readFileSync } from 'node:fs';
import type { StageOptions } from '../../../events.ts';
import { type Client, createClient } from '../command/client.ts';
import type { Abilities } from '../create/flags.ts';
import { createImages, type Images } from '../read/images.ts';
import { createLookup, type Lookup } from '../read/lookup.ts';
import { findPlace, type Place } from './place.ts';
import { capabilitiesIn } from '../read/read-privileges.ts';
import { abilitiesOf, checkNamespace, versionsOf } from './versions.ts';
import { findWay, type HostMode, usualAddress, type Way } from '../command/way.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface NerdctlOptions extends StageOptions {
  /** Of containerd. Ours, unless somebody names another. */
  readonly namespace?: string | undefined;
  readonly host?: HostMode | undefined;
}

/** A containerd that answers, and what is known of it. */
export interface Connection {
  readonly client: Client;
  readonly lookup: Lookup;
  readonly images: Images;
  readonly place: Place;
  readonly description: string;
  readonly abilities: Abilities;
}

/** @throws EngineUnavailableError, InvalidRequestError */
export async function connect(env: Environment, options: NerdctlOptions): Promise<Connection> {
  const place = findPlace(options.namespace, env);
  const { namespace, likely } = place;
  const way = findWay(env, options.host ?? hostMode(env['OFFSHOOT_HOST']), { address: place.address });
  const client = createClient(way, flagsFor(env, namespace, way));
  const images = createImages(client);
  const lookup = createLookup(client, images, givable(way.onHost));
  const early = new AbortController();
  const signal = AbortSignal.any([options.signal, early.signal]);
  // Who connects asks for the container that it is in, most of the time: all questions at once.
  if (likely !== undefined) lookup.ahead(likely.reference, signal);
  try {
    const [versions] = await Promise.all([
      versionsOf(client, signal),
      place.unsure ? checkNamespace(client, namespace, signal) : undefined,
    ]);
    const where = `${way.address ?? usualAddress}${way.onHost ? ' of the host, by nsenter' : ''}`;
    return {
      client,
      lookup,
      images,
      place,
      description: `nerdctl ${versions.nerdctl} (containerd ${versions.containerd}), namespace ${namespace}, at ${where}`,
      abilities: abilitiesOf(versions),
    };
  } catch (error) {
    early.abort(error);
    throw error;
  }
}

function hostMode(text: string | undefined): HostMode {
  return text === 'always' || text === 'never' ? text : 'auto';
}

/** As flags: those are kept for the hooks of a container, and the environment is nobody's. */
function flagsFor(env: Environment, namespace: string, { address }: Way): string[] {
  const flags = { '--address': address, '--snapshotter': env['CONTAINERD_SNAPSHOTTER'] };
  return [
    ...['--namespace', namespace],
    ...Object.entries(flags).flatMap(([flag, value]) => (value ? [flag, value] : [])),
  ];
}

/** All that a privileged container here could have. */
function givable(onHost: boolean): string[] {
  try {
    return capabilitiesIn(readFileSync(`/proc/${onHost ? '1' : 'self'}/status`, 'utf8'));
  } catch {
    return [];
  }
}
