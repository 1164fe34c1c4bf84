import { posix } from 'node:path';
import * as z from 'zod';
import type { ContainerSettings, MountRequest } from '../runtime/settings.ts';

/** What may be mounted: a path of the engine's host and all below it, or a volume by its name. */
export type MountRule = { readonly readOnly?: boolean | undefined } & (
  | { readonly path: string }
  | { readonly volume: string }
);

const path = z
  .string()
  .refine((text) => text.startsWith('/') && text === place(text), 'expected an absolute path without //, . and ..');
const volume = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, 'expected the name of a volume');
const readOnly = z.boolean().optional();

export const mountRule: z.ZodType<MountRule> = z.union(
  [z.strictObject({ path, readOnly }), z.strictObject({ volume, readOnly })],
  'expected {"path": "/of/the/host"} or {"volume": "name"}, each also with "readOnly": true',
);

/** Something that a container mounts, as far as it reaches beyond the container. */
export interface Reach {
  /** As people know it. */
  readonly shown: string;
  readonly readOnly: boolean;
  /** Missing, as is `volume`: nobody can tell what it is. */
  readonly path?: string | undefined;
  readonly volume?: string | undefined;
}

/** A tmpfs and a volume that is made anew reach nothing. */
export function reachesOf({ binds = [], mounts = [], volumesFrom = [] }: ContainerSettings): Reach[] {
  return [
    ...binds.flatMap(ofBind),
    ...mounts.flatMap(ofMount),
    ...volumesFrom.map((donor) => ({ shown: `the mounts of the container ${donor}`, readOnly: false })),
  ];
}

function ofBind(bind: string): Reach[] {
  const [source = '', target, options = ''] = bind.split(':');
  if (target === undefined) return [];
  const isReadOnly = options.split(',').includes('ro');
  return [source.startsWith('/') ? ofPath(source, isReadOnly) : ofVolume(source, isReadOnly)];
}

/** The driver of local volumes mounts a folder of the host, or of another machine, where it is told to. */
function ofMount(mount: MountRequest): Reach[] {
  const { type, source, readOnly: isReadOnly = false, volumeOptions } = mount;
  if (type === 'tmpfs') return [];
  if (type === 'bind') return [ofPath(source ?? '', isReadOnly)];
  const driver = volumeOptions?.driverConfig;
  if (type !== 'volume') return [{ shown: `a mount of type ${type}`, readOnly: isReadOnly }];
  if (Object.keys(driver?.options ?? {}).length > 0 || (driver?.name ?? 'local') !== 'local')
    return [{ shown: `a volume at ${mount.target} with a driver's options of its own`, readOnly: isReadOnly }];
  return source === undefined ? [] : [ofVolume(source, isReadOnly)];
}

function ofPath(source: string, isReadOnly: boolean): Reach {
  return { shown: `${source} of the host`, readOnly: isReadOnly, path: place(source) };
}

function ofVolume(name: string, isReadOnly: boolean): Reach {
  return { shown: `the volume ${name}`, readOnly: isReadOnly, volume: name };
}

/** What is wrong with it; `undefined` where a rule allows it. */
export function problemOfReach(reach: Reach, rules: readonly MountRule[]): string | undefined {
  const matching = rules.filter((rule) => covers(rule, reach));
  if (matching.some(({ readOnly: only = false }) => !only || reach.readOnly)) return undefined;
  if (matching.length > 0) return `${reach.shown} may only be mounted read-only`;
  return `${reach.shown} may not be mounted; allowed: ${rules.map(ruleText).join(', ') || 'none'}`;
}

function covers(rule: MountRule, { path: asked, volume: name }: Reach): boolean {
  if ('volume' in rule) return rule.volume === name;
  return asked !== undefined && isWithin(asked, rule.path);
}

function ruleText(rule: MountRule): string {
  return `${'volume' in rule ? `the volume ${rule.volume}` : rule.path}${rule.readOnly ? ' (read-only)' : ''}`;
}

export function isWithin(asked: string, folder: string): boolean {
  return folder === '/' || asked === folder || asked.startsWith(`${folder}/`);
}

/** As engines understand it: `/srv/../etc/` is `/etc`. */
export function place(text: string): string {
  return `/${posix.normalize(text).replaceAll(/^\/+|\/+$/g, '')}`;
}
