import * as z from 'zod';
import type { DeviceRate, Healthcheck, MountRequest, NetworkEndpoint, PublishedPort } from '../../settings.ts';
import {
  type Codec,
  flag,
  keptNumber,
  keptStrings,
  listOf,
  map,
  mapped,
  number,
  stringLists,
  strings,
  struct,
  text,
} from './codecs.ts';

export const healthcheck: Codec<Healthcheck> = struct<Healthcheck>({
  test: ['Test', strings],
  interval: ['Interval', number],
  timeout: ['Timeout', number],
  startPeriod: ['StartPeriod', number],
  startInterval: ['StartInterval', number],
  retries: ['Retries', number],
});

export const mount: Codec<MountRequest> = struct<MountRequest>({
  type: ['Type', text],
  source: ['Source', text],
  target: ['Target', text],
  readOnly: ['ReadOnly', flag],
  consistency: ['Consistency', text],
  bindOptions: [
    'BindOptions',
    struct<NonNullable<MountRequest['bindOptions']>>({
      propagation: ['Propagation', text],
      nonRecursive: ['NonRecursive', flag],
      createMountpoint: ['CreateMountpoint', flag],
      readOnlyNonRecursive: ['ReadOnlyNonRecursive', flag],
      readOnlyForceRecursive: ['ReadOnlyForceRecursive', flag],
    }),
  ],
  volumeOptions: [
    'VolumeOptions',
    struct<NonNullable<MountRequest['volumeOptions']>>({
      noCopy: ['NoCopy', flag],
      labels: ['Labels', map],
      driverConfig: [
        'DriverConfig',
        struct<NonNullable<NonNullable<MountRequest['volumeOptions']>['driverConfig']>>({
          name: ['Name', text],
          options: ['Options', map],
        }),
      ],
      subpath: ['Subpath', text],
    }),
  ],
  imageOptions: ['ImageOptions', struct<NonNullable<MountRequest['imageOptions']>>({ subpath: ['Subpath', text] })],
  tmpfsOptions: [
    'TmpfsOptions',
    struct<NonNullable<MountRequest['tmpfsOptions']>>({
      sizeBytes: ['SizeBytes', number],
      mode: ['Mode', number],
      options: ['Options', stringLists],
    }),
  ],
});

interface Addresses {
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
  readonly linkLocal?: readonly string[] | undefined;
}

type Endpoint = Omit<NetworkEndpoint, 'ipv4Address' | 'ipv6Address' | 'linkLocalIPs'> & {
  readonly ipam?: Addresses | undefined;
};

/** What of an endpoint somebody has asked for; the engine says much more of it. */
export const endpoint: Codec<NetworkEndpoint> = mapped(
  struct<Endpoint>({
    aliases: ['Aliases', strings],
    links: ['Links', strings],
    driverOpts: ['DriverOpts', map],
    gwPriority: ['GwPriority', number],
    ipam: [
      'IPAMConfig',
      struct<Addresses>({
        ipv4: ['IPv4Address', text],
        ipv6: ['IPv6Address', text],
        linkLocal: ['LinkLocalIPs', strings],
      }),
    ],
  }),
  ({ ipam, ...rest }): NetworkEndpoint => ({
    ...rest,
    ...(ipam?.ipv4 !== undefined && { ipv4Address: ipam.ipv4 }),
    ...(ipam?.ipv6 !== undefined && { ipv6Address: ipam.ipv6 }),
    ...(ipam?.linkLocal !== undefined && { linkLocalIPs: ipam.linkLocal }),
  }),
  ({ ipv4Address: ipv4, ipv6Address: ipv6, linkLocalIPs: linkLocal, ...rest }) => ({
    ...rest,
    ipam: (ipv4 ?? ipv6 ?? linkLocal) ? { ipv4, ipv6, linkLocal } : undefined,
  }),
);

const portBinding = z.strictObject({ HostIp: z.string().optional(), HostPort: z.string().optional() });
const portBindings = z.record(z.string(), z.array(portBinding).nullable());

export const publishedPorts: Codec<readonly PublishedPort[]> = {
  schema: portBindings,
  read(said) {
    const bindings = Object.entries(portBindings.nullish().parse(said) ?? {}).flatMap(([containerPort, list]) =>
      // One without any binding has got a free port of the host.
      (list?.length ? list : [{}]).map(({ HostIp, HostPort }: z.output<typeof portBinding>) => ({
        containerPort,
        ...(HostIp && { hostIp: HostIp }),
        ...(HostPort && { hostPort: HostPort }),
      })),
    );
    return bindings.length === 0 ? undefined : bindings;
  },
  write: (list) =>
    Object.fromEntries(
      [...Map.groupBy(list, ({ containerPort }) => containerPort)].map(([port, bindings]) => [
        port,
        bindings.map(({ hostIp = '', hostPort = '' }) => ({ HostIp: hostIp, HostPort: hostPort })),
      ]),
    ),
};

/** A set, which the API has as an object with empty members. */
const emptyMembers = z.record(z.string(), z.strictObject({}));
export const nameSet: Codec<readonly string[]> = {
  schema: emptyMembers,
  read(said) {
    const names = Object.keys(emptyMembers.nullish().parse(said) ?? {});
    return names.length === 0 ? undefined : names;
  },
  write: (names) => Object.fromEntries(names.map((name) => [name, {}])),
};

export const rates: Codec<readonly DeviceRate[]> = listOf(
  struct<DeviceRate>({ path: ['Path', text], rate: ['Rate', keptNumber] }),
);

interface EnginesList {
  /** What all engines have had. */
  readonly always: readonly string[];
  /** What some have had beside it. */
  readonly also: RegExp;
}

export const masked: EnginesList = {
  always: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
  also: new RegExp(
    '^/(?:proc/(?:acpi|asound|interrupts|latency_stats|sched_debug|scsi|timer_stats)' +
      '|sys/devices/(?:virtual/powercap|system/cpu/cpu\\d+/thermal_throttle))$',
  ),
};
export const readonly: EnginesList = {
  always: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys'],
  also: /^\/proc\/(?:asound|sysrq-trigger)$/,
};

/** An engine writes its own list where nobody gave one; given back, it would bind a container with more privileges. */
export function unlessEngines({ always, also }: EnginesList): Codec<readonly string[]> {
  const isOwn = (list: readonly string[]): boolean =>
    always.every((path) => list.includes(path)) && list.every((path) => always.includes(path) || also.test(path));
  return mapped(
    keptStrings,
    (list) => (isOwn(list) ? undefined : list),
    (list) => list,
  );
}
