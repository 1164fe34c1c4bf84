import { type Entry, given, type Said } from './compose-rules.ts';
import type { Json, Members } from './members.ts';
import { type Note, note } from './rendering.ts';
import { duration } from './words.ts';

/** A check that is off has no other members. */
export function composeHealthcheck(body: Members): Said[] {
  const check = body.inner('Healthcheck');
  const test = check.texts('Test');
  if (test?.[0] === 'NONE') return given('healthcheck', { disable: true });
  const startPeriod = timed(check, 'StartPeriod', 'start_period');
  const startInterval = timed(check, 'StartInterval', 'start_interval');
  const lonely = startPeriod['start_period'] === undefined && startInterval['start_interval'] !== undefined;
  const retries = check.number('Retries');
  const value: Json = {
    ...(test && test.length > 0 && { test }),
    ...timed(check, 'Interval', 'interval'),
    ...timed(check, 'Timeout', 'timeout'),
    ...startPeriod,
    ...(!lonely && startInterval),
    ...(retries && { retries }),
  };
  return [
    ...given('healthcheck', Object.keys(value).length === 0 ? undefined : value),
    ...(lonely ? [note(check.pathOf('StartInterval'), 'compose wants a start period beside it')] : []),
  ];
}

function timed(check: Members, name: string, key: string): Json {
  const value = check.number(name);
  return value ? { [key]: duration(value) } : {};
}

const rates = [
  ['BlkioDeviceReadBps', 'device_read_bps'],
  ['BlkioDeviceWriteBps', 'device_write_bps'],
  ['BlkioDeviceReadIOps', 'device_read_iops'],
  ['BlkioDeviceWriteIOps', 'device_write_iops'],
] as const;

export function composeBlkio(host: Members): Entry[] {
  const weight = host.number('BlkioWeight');
  const weights = host.each('BlkioWeightDevice');
  const value = {
    ...(weight && { weight }),
    ...(weights.length > 0 && { weight_device: weights.map((item) => pathAnd(item, 'Weight', 'weight')) }),
    ...Object.fromEntries(
      rates.flatMap(([name, key]) => {
        const items = host.each(name);
        return items.length === 0 ? [] : [[key, items.map((item) => pathAnd(item, 'Rate', 'rate'))]];
      }),
    ),
  };
  return given('blkio_config', Object.keys(value).length === 0 ? undefined : value);
}

function pathAnd(item: Members, name: string, key: string): Json {
  return { path: item.text('Path'), [key]: item.number(name) };
}

/** A seccomp profile would have to be in a file; of the paths all restrictions are lifted, or none. */
export function composeSecurity(host: Members): Said[] {
  const options = host.texts('SecurityOpt') ?? [];
  const names = ['MaskedPaths', 'ReadonlyPaths'] as const;
  const lists = names.map((name) => host.texts(name));
  const unconfined = lists.every((list) => list?.length === 0);
  const value = [...options.filter((option) => !isProfile(option)), ...(unconfined ? ['systempaths=unconfined'] : [])];
  return [
    ...given('security_opt', value.length === 0 ? undefined : [...new Set(value)]),
    ...(options.some(isProfile)
      ? [note(host.pathOf('SecurityOpt'), 'compose reads a seccomp profile from a file')]
      : []),
    ...names
      .filter((_, at) => !unconfined && lists[at] !== undefined)
      .map((name) => note(host.pathOf(name), 'compose can only lift all restrictions of paths, or none')),
  ];
}

function isProfile(option: string): boolean {
  return /^seccomp[=:]\s*\{/.test(option);
}

/** Requests that are made for nothing but CDI devices are said as devices, which compose takes together. */
export function composeDeviceRequests(host: Members): {
  readonly deploy: Entry[];
  readonly cdi: string[];
  readonly notes: Note[];
} {
  const requests = host.each('DeviceRequests').map((request) => ({
    path: request.path,
    driver: request.text('Driver') ?? '',
    count: request.number('Count') ?? 0,
    ids: request.texts('DeviceIDs') ?? [],
    lists: request.lists('Capabilities') ?? [],
    options: request.map('Options') ?? {},
  }));
  const isCdi = ({ driver, count, lists, options }: (typeof requests)[number]): boolean =>
    driver === 'cdi' && count === 0 && lists.flat().length === 0 && Object.keys(options).length === 0;
  const cdi = requests.filter(isCdi);
  const others = requests.filter((request) => !isCdi(request));
  const sayable = others.filter(({ count, ids, lists }) => lists.length <= 1 && (count === 0 || ids.length === 0));
  const devices = sayable.map(({ driver, count, ids, lists, options }) => ({
    capabilities: lists[0] ?? [],
    ...(driver !== '' && { driver }),
    ...(ids.length > 0 ? { device_ids: ids } : { count: count === -1 ? 'all' : count }),
    ...(Object.keys(options).length > 0 && { options }),
  }));
  return {
    deploy: given('deploy', devices.length === 0 ? undefined : { resources: { reservations: { devices } } }),
    cdi: cdi.flatMap(({ ids }) => ids),
    notes: [
      ...others
        .filter((one) => !sayable.includes(one))
        .map(({ path }) => note(path, 'compose asks for one set of capabilities, and for a number or for ids')),
      ...cdi.slice(1).map(({ path }) => note(path, 'compose makes one request of all CDI devices')),
    ],
  };
}
