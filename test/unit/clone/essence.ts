import { nameOf } from '../../../src/clone/env.ts';
import { isAutomatic } from '../../../src/clone/hostname.ts';
import type {
  ContainerRecord,
  ContainerSettings,
  ImageConfig,
  MountRequest,
  NetworkEndpoint,
  SettingName,
} from '../../../src/runtime/container.ts';
import { isControl } from './support.ts';

/** By the table: of self alone, or only by name. */
const dropped: readonly SettingName[] = [
  'publishedPorts',
  'publishAllPorts',
  'macAddress',
  'autoRemove',
  'restartPolicy',
  'stdinOnce',
];
/** Labels of the arbitraries by which somebody acts on self. */
const acting = ['traefik.enable', 'com.docker.compose.service', 'io.offshoot.key'];

/** What of a container its sibling shares: all settings but those that the table drops, the derived ones in one form. */
export function essence(container: ContainerRecord, image: ImageConfig): Record<string, unknown> {
  const { settings } = container;
  const { stdinOnce, openStdin, entrypoint = [], labels = {}, env = [] } = settings;
  const derived: Record<string, unknown> = {
    env: env.filter((entry) => !isControl(nameOf(entry)) && nameOf(entry) !== 'HOSTNAME').toSorted(),
    entrypoint,
    labels: Object.fromEntries(Object.entries(labels).filter(([name]) => !acting.includes(name))),
    openStdin: stdinOnce ? undefined : openStdin,
    hostname: ownHostname(container),
    exposedPorts: ownPorts(settings, image),
    networks: Object.fromEntries(
      Object.entries(settings.networks ?? {}).map(([name, endpoint]) => [name, withoutNames(endpoint, container)]),
    ),
    // How a volume came to its name does not matter, if it is the same.
    mounts: (settings.mounts ?? []).filter((mount) => !isBare(mount)).map((mount) => ({ ...mount, source: undefined })),
    volumes: undefined,
    points: pointsOf(container, image),
  };
  const rest = Object.entries(settings).filter(([name]) => !dropped.includes(name as SettingName));
  return { ...Object.fromEntries(rest), ...derived };
}

/** Says nothing but that the volume is there, which is seen from where it lies. */
function isBare(mount: MountRequest): boolean {
  return mount.type === 'volume' && Object.keys(mount).every((key) => ['type', 'source', 'target'].includes(key));
}

function ownHostname(container: ContainerRecord): string | undefined {
  const { hostname, utsMode, networkMode = '' } = container.settings;
  const isOwn = !isAutomatic(container) && utsMode !== 'host' && !networkMode.startsWith('container:');
  return isOwn ? hostname : undefined;
}

function ownPorts({ exposedPorts = [], publishedPorts = [], networkMode = '' }: ContainerSettings, image: ImageConfig) {
  const published = publishedPorts.map(({ containerPort }) => containerPort);
  const ports = exposedPorts.filter((port) => !published.includes(port) || image.exposedPorts?.includes(port));
  return networkMode.startsWith('container:') ? [] : ports.toSorted();
}

function withoutNames({ aliases, ...endpoint }: NetworkEndpoint, { labels, name }: ContainerRecord): NetworkEndpoint {
  const { ipv4Address: _, ipv6Address: __, linkLocalIPs: ___, ...rest } = endpoint;
  const ofCompose = [labels['com.docker.compose.service'], name];
  const kept = aliases?.filter(
    (alias) => labels['com.docker.compose.service'] === undefined || !ofCompose.includes(alias),
  );
  return { ...rest, ...(kept?.length && { aliases: kept }) };
}

/** What lies where; of what the image declares only that it is there. */
function pointsOf({ settings, mountPoints }: ContainerRecord, image: ImageConfig): Record<string, string> {
  const { binds = [], mounts = [] } = settings;
  const said = [...binds.map((bind) => bind.split(':')[1]), ...mounts.map(({ target }) => target)];
  return Object.fromEntries(
    mountPoints.map(({ destination, name, source, readOnly }) => {
      const isDeclared = image.volumes?.includes(destination) === true && !said.includes(destination);
      return [destination, isDeclared ? 'its own' : `${name ?? source} ${readOnly ? 'ro' : 'rw'}`];
    }),
  );
}
