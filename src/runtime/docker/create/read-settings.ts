import * as z from 'zod';
import { fields } from '../../fields.ts';
import type { ContainerSettings, NetworkEndpoint } from '../../settings.ts';
import { type Codec, isUnset } from './codecs.ts';
import { endpoint } from './compound.ts';
import { codecs } from './settings.ts';

type Section = Readonly<Record<string, unknown>>;

/** What of a container's inspect its settings are in. */
export interface SettingSections {
  readonly Config: Section;
  readonly HostConfig: Section;
  readonly NetworkSettings?:
    | { readonly Networks?: Readonly<Record<string, Section | null>> | null | undefined }
    | null
    | undefined;
}

const section = z.record(z.string(), z.unknown());
export const settingSections: z.ZodType<SettingSections> = z.object({
  Config: section,
  HostConfig: section,
  NetworkSettings: z.object({ Networks: z.record(z.string(), section.nullable()).nullish() }).nullish(),
});

export interface ReadSettings {
  readonly settings: ContainerSettings;
  /** Fields that are in force and have no setting, by the engine's names. */
  readonly unmodelled: readonly string[];
}

/** A container's settings, as they were asked for when it was made. @throws z.ZodError */
export function readSettings({ Config, HostConfig, NetworkSettings }: SettingSections): ReadSettings {
  const unmodelled: string[] = [];
  const unknown = (path: string): void => {
    if (fields[path] === undefined) unmodelled.push(path);
  };
  const settings = { ...readSection('Config', Config), ...readSection('HostConfig', HostConfig) };
  const networks = NetworkSettings?.Networks ?? {};
  return {
    settings: { ...settings, ...readNetworks(settings.networkMode, networks, unknown) },
    unmodelled,
  };

  function readSection(name: string, values: Section): ContainerSettings {
    const read = Object.entries(values).flatMap(([key, value]) => {
      const path = `${name}.${key}`;
      const field = fields[path];
      if (field === undefined || field.rule === 'refused' || (field.rule === 'dropped' && field.told)) {
        if (!isUnset(value) && value !== 'default') unmodelled.push(path);
        return [];
      }
      if (field.setting === undefined || field.setting === 'networks') return [];
      const codec: Codec<unknown> = codecs[field.setting];
      const setting = readAt(path, () => codec.read(value, { path, unknown }));
      return setting === undefined ? [] : [[field.setting, setting] as const];
    });
    return Object.fromEntries(read);
  }
}

type Networks = Readonly<Record<string, Section | null>>;

/** Does it share somebody else's network, or none? Then it is in no network of its own. */
const shared = /^(?:host|none|container:.*)$/;

function readNetworks(
  mode: string | undefined,
  networks: Networks,
  unknown: (path: string) => void,
): Pick<ContainerSettings, 'networkMode' | 'networks'> {
  if (mode !== undefined && shared.test(mode)) return { networkMode: mode };
  const path = 'NetworkSettings.Networks.*';
  // It may have been asked for by its id, or the beginning of that, while endpoints have names; some are told twice.
  const idOf = (name: string): string | undefined => {
    const id = networks[name]?.['NetworkID'];
    return typeof id === 'string' && id !== '' ? id : undefined;
  };
  const named = (name: string): string => {
    const id = idOf(name);
    if (id === undefined) return name;
    return Object.keys(networks).find((other) => idOf(other) === id && !id.startsWith(other)) ?? name;
  };
  const endpoints: Record<string, NetworkEndpoint> = {};
  for (const [name, said] of Object.entries(networks)) {
    const read = readAt(path, () => endpoint.read(said, { path, unknown })) ?? {};
    endpoints[named(name)] = { ...endpoints[named(name)], ...read };
  }
  const byId = Object.keys(networks).find((name) => idOf(name) === mode);
  return {
    ...(mode !== undefined && { networkMode: named(byId ?? mode) }),
    ...(Object.keys(endpoints).length > 0 && { networks: endpoints }),
  };
}

/** Says the path of what cannot be read. */
function readAt<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof z.ZodError) throw new z.ZodError(error.issues.map((issue) => ({ ...issue, path: [path] })));
    throw error;
  }
}
