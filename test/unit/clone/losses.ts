import type { Clone } from '../../../src/clone/clone.ts';
import { nameOf } from '../../../src/clone/env.ts';
import { isAutomatic } from '../../../src/clone/hostname.ts';
import { powersOf } from '../../../src/clone/powers.ts';
import type { ContainerRecord, ContainerSettings, ImageConfig, SettingName } from '../../../src/runtime/container.ts';
import { fieldOf } from '../../../src/runtime/fields.ts';
import { targetOf } from './arbitraries.ts';
import { targets } from './engine-model.ts';

/** One of the things that a container has: its value by what it is called where it is left out. */
type Pieces = Readonly<Record<string, unknown>>;

/** What self has and its sibling has not, of which nothing is said. */
export function losses(self: ContainerRecord, image: ImageConfig, { settings, leftOut }: Clone): string[] {
  const told = new Set(leftOut.map(({ setting }) => setting));
  const [own, given, ofImage] = [self.settings, settings, image].map(piecesOf);
  const kept = { ...given, ...volumesIn(settings) };
  return Object.entries({ ...own, ...volumesOf(self) }).flatMap(([name, value]) => {
    const isTold = [name, wholeOf(name), ...powersIn(name, value)].some((one) => told.has(one));
    const isThere = isSame(value, kept[name]) || isSame(value, ofImage?.[name]);
    return isTold || isThere || isExcused(name, value, self) ? [] : [name];
  });
}

/** Settings that can be left out in part, each part being told. */
const divided: Readonly<Partial<Record<SettingName, (value: never) => Pieces>>> = {
  env: (list: string[]) => named('env', list, nameOf),
  labels: (map: Pieces) => namedBy('label', map),
  binds: (list: string[]) => named('bind', list, targetOf),
  mounts: (list: { target: string }[]) =>
    named(
      'mount',
      list.map(({ target }) => target),
    ),
  tmpfs: (map: Pieces) => namedBy('tmpfs', map),
  exposedPorts: (list: string[]) => named('port', list),
  networks: (map: Pieces) => named('network', Object.keys(map)),
  capAdd: (list: string[]) => named('capability', list),
  securityOpt: (list: string[]) => named('option', list),
  healthcheck: (map: Pieces) => namedBy('health', map),
};
const wholes: Readonly<Record<string, SettingName>> = {
  ...{ env: 'env', label: 'labels', tmpfs: 'tmpfs', port: 'exposedPorts', network: 'networks', volume: 'volumes' },
  ...{ bind: 'binds', mount: 'mounts', capability: 'capAdd', option: 'securityOpt', health: 'healthcheck' },
};

function piecesOf(settings: ContainerSettings): Pieces {
  const pieces = Object.entries(settings).map(([key, value]): Pieces => {
    const name = key as SettingName;
    return divided[name]?.(value as never) ?? { [fieldOf.get(name) ?? name]: value as unknown };
  });
  return Object.assign({}, ...pieces) as Pieces;
}

function named<T>(kind: string, list: readonly T[], nameOfOne: (one: T) => string = String): Pieces {
  return Object.fromEntries(list.map((one) => [`${kind} ${nameOfOne(one)}`, one]));
}

function namedBy(kind: string, map: Pieces): Pieces {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [`${kind} ${name}`, value]));
}

/** Anonymous volumes go by the names that the engine gave them. */
function volumesOf({ settings, mountPoints }: ContainerRecord): Pieces {
  const said = targets(settings);
  const own = settings.volumes?.filter((path) => !said.includes(path)) ?? [];
  const volumes = own.map((path) => [
    `volume ${path}`,
    mountPoints.find(({ destination }) => destination === path)?.name,
  ]);
  return { ...Object.fromEntries(volumes), 'Config.Volumes': undefined };
}

function volumesIn({ mounts = [] }: ContainerSettings): Pieces {
  return Object.fromEntries(mounts.map(({ target, source }) => [`volume ${target}`, source]));
}

/** By which name it is told with all of its kind: its group is not inherited. */
function wholeOf(name: string): string {
  const [kind = ''] = name.split(' ');
  const setting = wholes[kind];
  return (setting && fieldOf.get(setting)) ?? '';
}

/** By which names a safe sibling is told of it. */
function powersIn(name: string, value: unknown): string[] {
  const [setting] = [...fieldOf].find(([, field]) => field === name) ?? [];
  if (name.startsWith('capability ')) return powersOf({ capAdd: [String(value)] });
  if (name.startsWith('bind ')) return powersOf({ binds: [String(value)] });
  if (name.startsWith('option ')) return powersOf({ securityOpt: [String(value)] });
  return setting === undefined ? [] : powersOf({ [setting]: value });
}

/** What the engine gave, and what goes with something else that is told. */
function isExcused(name: string, value: unknown, self: ContainerRecord): boolean {
  const { publishedPorts = [] } = self.settings;
  if (name === 'Config.Hostname') return isAutomatic(self);
  // Nobody can tell a list that is empty from none: most engines say both alike.
  if (name === 'Config.Entrypoint') return isSame(value, []);
  if (name === 'Config.StdinOnce' || name === 'Config.Volumes') return true;
  return publishedPorts.some(({ containerPort }) => name === `port ${containerPort}`);
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
