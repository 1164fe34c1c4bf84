import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compose } from '../../../src/render/compose.ts';
import { type Asked, requestFor, rich } from './requests.ts';

const shown = { showValues: true };
type Json = Readonly<Record<string, unknown>>;

describe('a Compose file', () => {
  it.each(['1.41', '1.51'])('says all that it can, of a request to API %s', (apiVersion) => {
    const { text, notes } = compose({ ...requestFor(rich, apiVersion), platform: 'linux/amd64' }, shown);
    expect(text).toBe(
      `name: web-2
services:
  web-2:
    image: nginx:1.27
    container_name: web-2
    platform: linux/amd64
    networks:
      front:
        aliases:
          - web
        priority: 1
      back:
        aliases:
          - Web
        ipv4_address: "10.0.0.7"
    environment:
      TOKEN: a $$b
      EMPTY: ""
    command:
      - nginx
      - "-g"
      - "daemon off; # it's"
    user: "101:101"
    tty: true
    stop_grace_period: "0s"
    labels:
      traefik.rule: Host(\`a\`)
    healthcheck:
      test:
        - CMD-SHELL
        - wget -q localhost || exit 1
      interval: "90s"
      timeout: "1500ms"
      retries: 3
    volumes:
      - type: bind
        source: /srv/a b
        target: /data
        read_only: true
        bind:
          create_host_path: true
      - type: volume
        source: cache
        target: /cache
      - type: tmpfs
        target: /quick
        tmpfs:
          size: "1m"
          mode: 448
      - type: volume
        source: data
        target: /d
        read_only: true
        volume:
          nocopy: true
          labels:
            a: b,c
    ports:
      - target: 80
        published: "8080"
        protocol: tcp
      - target: 53
        host_ip: "::1"
        protocol: udp
    cap_drop:
      - ALL
    mem_limit: "512m"
    memswap_limit: -1
    cpus: "1.5"
    ulimits:
      nofile:
        soft: 1024
        hard: 2048
    init: false
    logging:
      driver: json-file
      options:
        max-size: "10m"
    restart: on-failure:3
    security_opt:
      - no-new-privileges
networks:
  front:
    name: front
    external: true
  back:
    name: back
    external: true
volumes:
  cache:
    name: cache
    external: true
  data:
    name: data
    external: true
`.replace("- daemon off; # it's", `- "daemon off; # it's"`),
    );
    expect(notes).toEqual(['Shell: a Compose file cannot say this']);
  });

  it('takes values of variables from the environment unless they are to be shown', () => {
    const { text, notes } = compose(requestFor({ env: ['TOKEN=secret', 'GONE'] }), { showValues: false });
    expect(parse(text)).toMatchObject({ services: { 'web-2': { environment: ['TOKEN', 'GONE'] } } });
    expect(notes).toHaveLength(2);
  });

  it('has every dollar doubled, wherever a value is', () => {
    const asked: Asked = { command: ['$A', '${B}'], labels: { $key: '$$' }, binds: ['/$x:/y'], networkMode: 'n$' };
    const { text } = compose(requestFor(asked), shown);
    const file = parse(text) as { services: Json; networks: Json };
    expect(file.services['web-2']).toMatchObject({
      command: ['$$A', '$${B}'],
      labels: { $key: '$$$$' },
      volumes: [{ source: '/$$x' }],
    });
    expect(file.networks['n$']).toEqual({ name: 'n$$', external: true });
  });

  it.each([
    ['Web.2', 'web-2'],
    ['_a', 'a'],
    ['...', 'offshoot'],
  ])('a container called %s has the project %s', (name, project) => {
    const { text } = compose({ ...requestFor({}), name }, shown);
    expect(parse(text)).toMatchObject({ name: project, services: { [name]: { container_name: name } } });
  });
});

describe('a setting', () => {
  it.each<[string, Asked, Json]>([
    ['the default network', {}, { network_mode: 'bridge' }],
    ['the network of another container', { networkMode: 'container:a' }, { network_mode: 'container:a' }],
    ['a cleared entrypoint', { entrypoint: [], command: [] }, { entrypoint: [''], command: [] }],
    ['a link', { links: ['db:sql'] }, { external_links: ['db:sql'] }],
    ['a check that is off', { healthcheck: { test: ['NONE'] } }, { healthcheck: { disable: true } }],
    ['a check without a shell', { healthcheck: { test: ['CMD', 'a'] } }, { healthcheck: { test: ['CMD', 'a'] } }],
    ['volumes of another container', { volumesFrom: ['a'] }, { volumes_from: ['container:a'] }],
    ['no limit of swap', { memory: 1024, memorySwap: -1 }, { mem_limit: '1k', memswap_limit: -1 }],
    ['no paths hidden', { maskedPaths: [], readonlyPaths: [] }, { security_opt: ['systempaths=unconfined'] }],
    ['what is said twice', { capAdd: ['A', 'A'] }, { cap_add: ['A'] }],
    [
      'a bind with options',
      { binds: ['/a:/b:ro,Z,rslave'] },
      {
        volumes: [
          {
            type: 'bind',
            source: '/a',
            target: '/b',
            read_only: true,
            bind: { create_host_path: true, propagation: 'rslave', selinux: 'Z' },
          },
        ],
      },
    ],
    [
      'a mount of a folder that has to be there',
      { mounts: [{ type: 'bind', source: '/a', target: '/b', bindOptions: { nonRecursive: true } }] },
      {
        volumes: [
          { type: 'bind', source: '/a', target: '/b', bind: { create_host_path: false, recursive: 'disabled' } },
        ],
      },
    ],
    ['an anonymous volume', { override: { Volumes: { '/a': {} } } }, { volumes: [{ type: 'volume', target: '/a' }] }],
    [
      'all GPUs, and devices of a number',
      {
        deviceRequests: [
          { count: -1, capabilities: [['gpu']] },
          { count: 2, driver: 'x', capabilities: [['y']] },
        ],
      },
      {
        deploy: {
          resources: {
            reservations: {
              devices: [
                { capabilities: ['gpu'], count: 'all' },
                { capabilities: ['y'], driver: 'x', count: 2 },
              ],
            },
          },
        },
      },
    ],
    [
      'CDI devices beside others',
      {
        devices: [{ pathOnHost: '/dev/a', pathInContainer: '/dev/a', cgroupPermissions: 'rwm' }],
        deviceRequests: [{ driver: 'cdi', deviceIds: ['a.com/b=c'] }],
      },
      { devices: [{ source: '/dev/a', target: '/dev/a', permissions: 'rwm' }, 'a.com/b=c'] },
    ],
    [
      'rates of block devices',
      { blkioWeight: 300, blkioDeviceReadBps: [{ path: '/dev/a', rate: 5 }] },
      { blkio_config: { weight: 300, device_read_bps: [{ path: '/dev/a', rate: 5 }] } },
    ],
  ])('%s', (_, asked, service) => {
    const { text, notes } = compose(requestFor(asked), shown);
    expect(parse(text)).toMatchObject({ services: { 'web-2': service } });
    expect(notes).toEqual([]);
  });
});

describe('what it cannot say is told', () => {
  it.each<[string, Asked, string[]]>([
    ['a container that is removed when it ends', { autoRemove: true }, ['HostConfig.AutoRemove']],
    ['all ports published', { publishAllPorts: true }, ['HostConfig.PublishAllPorts']],
    ['no swappiness', { memorySwappiness: 0 }, ['HostConfig.MemorySwappiness']],
    ['volumes that may only be read', { volumesFrom: ['a:ro'] }, ['HostConfig.VolumesFrom']],
    ['a seccomp profile', { securityOpt: ['seccomp={}'] }, ['HostConfig.SecurityOpt']],
    ['nodes of memory', { cpusetMems: '0' }, ['HostConfig.CpusetMems']],
    ['a number that it rounds', { nanoCpus: 1_234_567_891 }, ['HostConfig.NanoCpus']],
    [
      'a check that is more frequent at the start',
      { healthcheck: { startInterval: 1e9 } },
      ['Healthcheck.StartInterval'],
    ],
    [
      'a second network beside the default one',
      { networkMode: 'bridge', networks: { front: {} } },
      ['NetworkingConfig.EndpointsConfig.front'],
    ],
    ['an option of a bind that nobody knows', { binds: ['/a:/b:odd'] }, ['HostConfig.Binds']],
    [
      'links of one of two networks',
      { networkMode: 'front', networks: { front: {}, back: { links: ['a:b'] } } },
      ['NetworkingConfig.EndpointsConfig.back.Links'],
    ],
    [
      'options of a driver for a volume',
      { mounts: [{ type: 'volume', target: '/a', volumeOptions: { driverConfig: { name: 'x' } } }] },
      ['HostConfig.Mounts.0.VolumeOptions.DriverConfig'],
    ],
    [
      'options of another kind of mount',
      { mounts: [{ type: 'volume', target: '/a', bindOptions: { propagation: 'shared' } }] },
      ['HostConfig.Mounts.0.BindOptions'],
    ],
    ['a range of ports', { publishedPorts: [{ containerPort: '80-90/tcp' }] }, ['HostConfig.PortBindings.80-90/tcp']],
  ])('%s', (_, asked, paths) => {
    const { notes } = compose(requestFor(asked), shown);
    expect(notes.map((note) => note.replace(/: .*/s, ''))).toEqual(paths);
  });
});
