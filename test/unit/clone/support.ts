import { cloneSettings } from '../../../src/clone/clone.ts';
import type { CloneRequest } from '../../../src/clone/context.ts';
import type { LeftOut } from '../../../src/clone/left-out.ts';
import { launcherPaths } from '../../../src/launch/paths.ts';
import { parseInheritance } from '../../../src/plan/inherit.ts';
import type { ContainerRecord, ContainerSettings, ImageConfig, MountPoint } from '../../../src/runtime/container.ts';

export const selfId = 'a1b2c3d4e5f6'.padEnd(64, '0');
export const peerId = 'c'.repeat(64);
/** As an engine names a volume that nobody named. */
export const volumeId = 'd'.repeat(64);

export function selfWith(settings: ContainerSettings, more: Partial<ContainerRecord> = {}): ContainerRecord {
  return {
    id: selfId,
    name: 'web-1',
    image: { reference: 'example/app:1', id: 'sha256:1' },
    state: { status: 'running', running: true, pid: 1, exitCode: 0, startedAt: '2026-01-01T00:00:00Z' },
    settings,
    labels: settings.labels ?? {},
    mountPoints: [],
    upperDir: undefined,
    unmodelled: [],
    ...more,
  };
}

export interface Situation extends Partial<Omit<CloneRequest, 'inherit' | 'isControl' | 'launcherPaths'>> {
  /** What a row of a table is called. */
  readonly title?: string;
  /** What self's image gives; `unknown` where the engine does not tell. */
  readonly image?: ImageConfig | 'unknown';
  /** Is the sibling of another image? */
  readonly other?: boolean;
  /** `OFFSHOOT_INHERIT` */
  readonly inherit?: string;
  readonly mountPoints?: readonly MountPoint[];
  readonly unmodelled?: readonly string[];
  readonly name?: string;
  readonly gone?: ReadonlySet<string>;
}

export interface Sibling {
  readonly settings: ContainerSettings;
  readonly leftOut: readonly LeftOut[];
  /** Only what they are called. */
  readonly left: readonly string[];
}

export const isControl = (name: string): boolean => name.startsWith('OFFSHOOT_');

/** What a sibling of a container with these settings gets. */
export function siblingOf(own: ContainerSettings, situation: Situation = {}): Sibling {
  const { title: _, image = {}, other = false, inherit = 'all', ...more } = situation;
  const { mountPoints = [], unmodelled = [], name, gone, ...asked } = more;
  const { settings, leftOut } = cloneSettings({
    self: selfWith(own, { mountPoints, unmodelled, ...(name !== undefined && { name }) }),
    selfImage: image === 'unknown' ? undefined : image,
    sameImage: !other,
    request: { ...asked, inherit: parseInheritance(inherit), isControl, launcherPaths },
    gone,
  });
  return { settings, leftOut, left: leftOut.map(({ setting }) => setting) };
}

export function volumeAt(destination: string, name = volumeId, readOnly = false): MountPoint {
  return {
    type: 'volume',
    name,
    source: `/var/lib/docker/volumes/${name}/_data`,
    destination,
    driver: 'local',
    readOnly,
  };
}

export function bindAt(destination: string, source: string, readOnly = false): MountPoint {
  return { type: 'bind', source, destination, readOnly };
}
