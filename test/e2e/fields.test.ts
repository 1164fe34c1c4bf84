import { describe, expect, inject } from 'vitest';
import type * as z from 'zod';
import { readContainer } from '../../src/runtime/docker/create/inspect.ts';
import { endpoint } from '../../src/runtime/docker/create/compound.ts';
import { fields } from '../../src/runtime/fields.ts';
import { type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

/** What of a network somebody asked for is one setting; the members of that are in its codec. */
const asked = Object.keys((endpoint.schema as z.ZodObject).shape).map((name) => `NetworkSettings.Networks.*.${name}`);
const known = new Set([...Object.keys(fields), ...asked]);

const image = 'offshoot-test/busybox:1';

/** Flags that fill as many fields as an engine can say; what is not set is said as well, but for a few. */
const common = [
  ...['-i', '-t', '--init', '--env', 'A=1', '--label', 'a=b', '--hostname', 'web', '--domainname', 'example.org'],
  ...['--user', '1000:1000', '--group-add', '4242', '--workdir', '/var', '--entrypoint', '/bin/busybox'],
  ...['--stop-signal', 'SIGINT', '--stop-timeout', '3', '--restart', 'on-failure:2', '--health-cmd', 'true'],
  ...['--health-interval', '60s', '--volume', '/srv:/bound:ro', '--volume', '/anonymous', '--tmpfs', '/quick:size=1m'],
  ...['--mount', 'type=bind,src=/usr,dst=/usr,readonly', '--mount', 'type=tmpfs,dst=/memory,tmpfs-size=1m'],
  ...['--expose', '9000/udp', '--publish', '127.0.0.1::80', '--dns', '192.0.2.53', '--dns-search', 'example.org'],
  ...['--dns-option', 'ndots:2', '--add-host', 'peer:192.0.2.1', '--cap-drop', 'MKNOD', '--cap-add', 'NET_ADMIN'],
  ...[
    '--security-opt',
    'no-new-privileges',
    '--read-only',
    '--sysctl',
    'net.ipv4.ip_forward=1',
    '--log-opt',
    'max-size=1m',
  ],
  ...['--ulimit', 'nofile=512:1024', '--shm-size', '8m', '--oom-score-adj', '100', '--cgroupns', 'private'],
];
/** Limits that a test bench has no controllers for, and devices: asked for, not started. */
const unstarted = [
  ...[
    '--memory',
    '64m',
    '--memory-reservation',
    '32m',
    '--pids-limit',
    '64',
    '--cpu-shares',
    '512',
    '--cpuset-cpus',
    '0',
  ],
  ...[
    '--blkio-weight',
    '100',
    '--device-cgroup-rule',
    'c 1:3 rwm',
    '--privileged',
    '--pid',
    'host',
    '--network',
    'host',
  ],
  ...['--uts', 'host', '--ipc', 'host', '--cgroupns', 'host', '--rm', '--no-healthcheck'],
];

const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('the table of fields on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  /** Also the sizes, which are only told who asks for them. */
  async function inspectAll(lab: Lab, id: string): Promise<Record<string, unknown>> {
    const sizes: object = { size: true };
    return (await lab.api.getContainer(id).inspect(sizes)) as unknown as Record<string, unknown>;
  }

  it('knows all that the engine says of a container', async ({ lab }) => {
    const [front, back] = [await lab.network('front').then(() => lab.nameOf('front')), lab.nameOf('back')];
    await lab.network('back');
    const donor = await lab.ok('create', '--label', lab.mark, '--volume', '/donated', image);
    const flags = [...common, '--network', front, '--network-alias', 'www', '--volumes-from', donor];
    if (engine.kind.includes('28.5')) flags.push('--annotation', 'a=b', '--health-start-interval', '5s');
    const full = await lab.ok('create', '--label', lab.mark, ...flags, image, 'sleep', '600');
    await lab.ok('network', 'connect', '--alias', 'db', back, full);
    await lab.ok('start', full);
    const [limited, bare] = await Promise.all([
      lab.ok('create', '--label', lab.mark, ...unstarted, image),
      lab.ok('create', '--label', lab.mark, image),
    ]);

    for (const id of [full, limited, bare]) {
      const answer = await inspectAll(lab, id);
      expect(pathsOf(answer).filter((path) => !known.has(path))).toEqual([]);
      expect(readContainer(answer).unmodelled).toEqual([]);
    }
  });
});

/** As deep as the table goes. */
function pathsOf(answer: Readonly<Record<string, unknown>>): string[] {
  const sections = ['Config', 'HostConfig', 'NetworkSettings'];
  const within = (name: string, section: unknown): string[] =>
    Object.keys(section ?? {}).map((key) => `${name}.${key}`);
  const { Networks = {} } = (answer['NetworkSettings'] ?? {}) as { Networks?: Record<string, unknown> };
  return [
    ...Object.keys(answer).filter((name) => !sections.includes(name)),
    ...sections.flatMap((name) => within(name, answer[name])),
    ...Object.values(Networks).flatMap((network) => within('NetworkSettings.Networks.*', network)),
  ];
}
