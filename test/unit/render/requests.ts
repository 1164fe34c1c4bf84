import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import type { ContainerSettings } from '../../../src/runtime/settings.ts';
import type { CreateRequest } from '../../../src/runtime/runtime.ts';

export interface Asked extends ContainerSettings {
  readonly override?: Readonly<Record<string, unknown>>;
}

/** What an engine of that version would be asked for. */
export function requestFor(asked: Asked, apiVersion = '1.51'): CreateRequest {
  return createRequest({ name: 'web-2', image: 'nginx:1.27', ...asked }, apiVersion);
}

/** As people have it: a bit of everything. */
export const rich: Asked = {
  env: ['TOKEN=a $b', 'EMPTY='],
  command: ['nginx', '-g', "daemon off; # it's"],
  user: '101:101',
  tty: true,
  healthcheck: { test: ['CMD-SHELL', 'wget -q localhost || exit 1'], interval: 90e9, timeout: 1.5e9, retries: 3 },
  labels: { 'traefik.rule': 'Host(`a`)' },
  stopTimeout: 0,
  binds: ['/srv/a b:/data:ro', 'cache:/cache'],
  mounts: [
    { type: 'tmpfs', target: '/quick', tmpfsOptions: { sizeBytes: 1_048_576, mode: 0o700 } },
    {
      type: 'volume',
      source: 'data',
      target: '/d',
      readOnly: true,
      volumeOptions: { noCopy: true, labels: { a: 'b,c' } },
    },
  ],
  networkMode: 'front',
  networks: { front: { aliases: ['web'] }, back: { aliases: ['Web'], ipv4Address: '10.0.0.7' } },
  publishedPorts: [
    { containerPort: '80/tcp', hostPort: '8080' },
    { containerPort: '53/udp', hostIp: '::1' },
  ],
  capDrop: ['ALL'],
  securityOpt: ['no-new-privileges'],
  memory: 512 * 1024 ** 2,
  memorySwap: -1,
  nanoCpus: 1.5e9,
  ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
  init: false,
  logConfig: { type: 'json-file', config: { 'max-size': '10m' } },
  restartPolicy: { name: 'on-failure', maximumRetryCount: 3 },
  shell: ['/bin/sh', '-c'],
};
