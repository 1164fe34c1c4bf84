import { fieldOf } from '../fields.ts';
import type { ContainerSpec, SettingName } from '../container.ts';
import type { CreateRequest, NetworkConnection } from '../runtime.ts';
import type { Codec } from './codecs.ts';
import { isOlder } from './version.ts';
import { checkOverride } from './override.ts';
import { checkVersion } from './since.ts';
import { type Json, mergePatch } from './merge-patch.ts';
import { endpoint } from './compound.ts';
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
  const { atCreate, afterwards } = networksOf(spec, apiVersion);
  const body: Json = {
    ...section('Config', spec),
    Image: spec.image,
    HostConfig: section('HostConfig', spec),
    ...(atCreate !== undefined && { NetworkingConfig: { EndpointsConfig: atCreate } }),
  };
  return {
    name: spec.name,
    platform: spec.platform,
    body: spec.override === undefined ? body : checkOverride(mergePatch(body, spec.override) as Json),
    connect: afterwards,
  };
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

function networksOf({ networkMode, networks = {} }: ContainerSpec, apiVersion: string): Networks {
  const main = networkMode === undefined || networkMode === 'default' ? 'bridge' : networkMode;
  const all = Object.entries(networks).map(([name, asked]) => [name, endpoint.write(asked) as Json] as const);
  const first = all.filter(([name, asked]) => name === main && Object.keys(asked).length > 0);
  const others = all.filter(([name]) => name !== main);
  if (others.length > 0 && !isOlder(apiVersion, severalNetworks))
    return { atCreate: Object.fromEntries(all), afterwards: [] };
  return {
    atCreate: first.length > 0 ? Object.fromEntries(first) : undefined,
    afterwards: others.map(([network, asked]) => ({ network, endpoint: asked })),
  };
}
