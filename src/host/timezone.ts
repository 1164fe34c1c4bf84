import { posix } from 'node:path';
import type { MountRequest } from '../runtime/container.ts';
import { type HostView, readHost } from './host-view.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What gives a container the time zone of this host, as part of a `ContainerSpec`. */
export interface TimezoneSpec {
  /** `TZ=…`, or nothing. */
  readonly env: readonly string[];
  /** Paths of this host, without links: an engine mounts what a link is, and not what it means. */
  readonly mounts: readonly MountRequest[];
}

const localtime = '/etc/localtime';
const zoneinfo = '/usr/share/zoneinfo';

/**
 * The time zone by `TZ`, by what `/etc/localtime` is a link to, or by `/etc/timezone`. Its file is mounted as
 * `/etc/localtime`, and where its name is known also where that name is looked for: with `TZ` set, an image without a
 * database of zones would have UTC. Nothing where the host tells nothing.
 */
export function timezoneSpec(env: Environment, host: HostView = readHost()): TimezoneSpec {
  const asked = env['TZ']?.replace(/^:/, '') || undefined;
  // A path in TZ is one of this host.
  const file = host.realpath(asked?.startsWith('/') ? asked : localtime);
  const named =
    asked?.startsWith('/') === false ? nameOf(asked) : (nameIn(file) ?? nameOf(host.read('/etc/timezone')?.trim()));
  const place = named === undefined ? undefined : posix.join(zoneinfo, named);
  const ofName = place === undefined ? undefined : host.realpath(place);
  const source = ofName ?? file;
  const targets = place !== undefined && ofName !== undefined ? [localtime, place] : [localtime];
  const tz = named ?? (isRule(asked) ? asked : undefined);
  return {
    env: tz === undefined ? [] : [`TZ=${tz}`],
    mounts: source === undefined ? [] : targets.map((target) => ({ type: 'bind', source, target, readOnly: true })),
  };
}

/** `Europe/Berlin`, `UTC`; not a rule (`CET-1CEST,M3.5.0,M10.5.0/3`), and no way out of the folder. */
function nameOf(text: string | undefined): string | undefined {
  const isName = text !== undefined && /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(text);
  return isName && !/^[A-Z]{3,}[+-]?\d/.test(text) ? text : undefined;
}

function nameIn(path: string | undefined): string | undefined {
  return nameOf(/\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(path ?? '')?.[1]);
}

/** As POSIX has it: it needs no file. */
function isRule(text: string | undefined): boolean {
  return text !== undefined && /^(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?\d/.test(text);
}
