import { InvalidRequestError } from '../../../errors.ts';
import { fieldOf } from '../../fields.ts';
import type { ContainerSpec, SettingName } from '../../container.ts';
import type { CreateRequest, NetworkConnection, Overridden } from '../../runtime.ts';
import type { Codec } from './codecs.ts';
import { isOlder } from '../connect/version.ts';
import { checkOverride } from './override.ts';
import { checkVersion } from './since.ts';
import { type Json, mergePatch } from './merge-patch.ts';
import { endpoint } from './compound.ts';
import { readRequest } from './read-request.ts';
import { codecs } from './settings.ts';

/** Since then a container can be created in several networks; before, it is connected to the others one by one. */
const severalNetworks = '1.44';

/**
 * What `POST /containers/create` is asked, and what follows it. What the spec leaves open is left out, so that the
 * engine's defaults count.
 * @throws InvalidRequestError for an override that the API does not take
 * @throws NotSupportedError for a setting that this version of the API does not have
 */
export function createRequest(spec: ContainerSpec, apiVersion: string): CreateRequest {
  checkVersion(spec, apiVersion);
  const endpoints = Object.entries(spec.networks ?? {}).map(([name, asked]) => [name, endpoint.write(asked)]);
  const asked: Json = {
    ...section('Config', spec),
    Image: spec.image,
    HostConfig: section('HostConfig', spec),
    ...(endpoints.length > 0 && { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } }),
  };
  const body = spec.override === undefined ? asked : overridden(asked, spec.override);
  const { atCreate, afterwards } = networksOf(body, apiVersion);
  const { NetworkingConfig: _, ...rest } = body;
  return {
    name: spec.name,
    platform: spec.platform,
    body: { ...rest, ...(atCreate !== undefined && { NetworkingConfig: { EndpointsConfig: atCreate } }) },
    connect: afterwards,
    ...(spec.override !== undefined && { overridden: inOurWords(body, asked) }),
  };
}

function inOurWords(body: Json, before: Json): Overridden {
  return { ...readRequest(body), before: readRequest(before).settings };
}

/** By our own labels a sibling is found again, whatever else is asked for. */
function overridden(asked: Json, override: Json): Json {
  const body = checkOverride(mergePatch(asked, override) as Json);
  if (!body['Image'])
    throw new InvalidRequestError([{ name: 'OFFSHOOT_OVERRIDE', problem: 'Image: cannot be taken away' }]);
  const own = Object.entries((asked['Labels'] ?? {}) as Json).filter(([name]) => name.startsWith('io.offshoot.'));
  return own.length === 0 ? body : { ...body, Labels: { ...(body['Labels'] as Json), ...Object.fromEntries(own) } };
}

function section(name: string, spec: ContainerSpec): Json {
  return Object.fromEntries(
    Object.entries(codecs).flatMap(([setting, codec]) => {
      const [where, key] = (fieldOf.get(setting as SettingName) ?? '').split('.');
      const value: unknown = spec[setting as SettingName];
      if (where !== name || key === undefined || value === undefined) return [];
      return [[key, (codec as Codec<unknown>).write(value)]];
    }),
  );
}

interface Networks {
  readonly atCreate: Json | undefined;
  readonly afterwards: readonly NetworkConnection[];
}

/** A mode that is no network of one's own: no other network goes with it. */
const shared = /^(?:host|none|container:.*)$/;

function networksOf({ HostConfig, NetworkingConfig }: Json, apiVersion: string): Networks {
  const mode = (HostConfig as Json | undefined)?.['NetworkMode'];
  const main = typeof mode === 'string' && mode !== '' && mode !== 'default' ? mode : 'bridge';
  const asked = (NetworkingConfig as Json | undefined)?.['EndpointsConfig'];
  const all = Object.entries((asked ?? {}) as Record<string, Json | null>).map(
    ([name, said]) => [name, said ?? {}] as const,
  );
  if (all.length === 0 || shared.test(main)) return { atCreate: undefined, afterwards: [] };
  const first = all.filter(([name, said]) => name === main && Object.keys(said).length > 0);
  const others = all.filter(([name]) => name !== main);
  if (others.length > 0 && !isOlder(apiVersion, severalNetworks))
    return { atCreate: Object.fromEntries(all), afterwards: [] };
  return {
    atCreate: first.length > 0 ? Object.fromEntries(first) : undefined,
    afterwards: others.map(([network, said]) => ({ network, endpoint: said })),
  };
}
