import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it as plainIt } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { type Lab, type Launched, type LaunchRequest, eventually, labTest } from '../support/lab.ts';
import { guard, needs } from '../support/least-privilege.ts';
import { onePer, releaseAndStoreOf } from '../support/one-per.ts';
import { isPodman } from '../support/podman.ts';

const busybox = 'offshoot-test/busybox:1';

interface Stage {
  readonly lab: Lab;
  /** Through the proxy. */
  launch(request: LaunchRequest): Promise<Launched>;
  start(request: LaunchRequest): Promise<string>;
  /** The listed calls that it has let through so far. */
  made(): ReadonlySet<string>;
}

interface Scenario {
  run(stage: Stage): Promise<void>;
  /** Other features that go with it. */
  readonly also?: readonly string[];
  /** Which engines need it; all unless said. */
  readonly on?: (engine: TestEngine) => boolean;
  /** One of its calls is enough. */
  readonly oneOf?: true;
}

const isPlain = ({ imageStore }: TestEngine): boolean => imageStore !== 'containerd';
const isOld = ({ apiVersion }: TestEngine): boolean => Number(apiVersion.slice(2)) < 44;
const image = { OFFSHOOT_IMAGE: busybox };

async function launches({ lab, launch }: Stage, { env, words = ['echo', 'hello'], ...more }: LaunchRequest) {
  const launched = await launch({ env: { ...image, ...env }, words, ...more });
  expect(launched).toMatchObject({ exitCode: 0 });
  expect(await lab.ended(launched.result.id)).toBe(0);
  return launched;
}

/** Every launch asks for it, and does without. */
const sweeping = 'sweeping what launches of this container have left that were killed';

async function isNotReady({ launch }: Stage): Promise<void> {
  const env = { ...image, OFFSHOOT_READY: 'exited:0' };
  const { exitCode, stderr } = await launch({ env, words: ['sh', '-c', 'echo its last words; exit 3'] });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('its last words');
}

const attachingAgain = 'attaching to what the same key has launched, or once more where a stream breaks off';

/** One for each row of the README's table, by its first column. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'every launch': { run: async (stage) => void (await launches(stage, {})) },
  '`OFFSHOOT_DELAY`, `OFFSHOOT_AT`': {
    async run({ lab, launch }) {
      const { exitCode, result } = await launch({ env: { ...image, OFFSHOOT_DELAY: '1s' }, words: ['true'] });
      expect(exitCode).toBe(0);
      await lab.gone(result.waiter?.id ?? '');
      expect(await lab.ended(result.id)).toBe(0);
    },
  },
  'a container in `OFFSHOOT_WHEN`': {
    async run({ lab, launch, made }) {
      const other = await lab.start({ image: busybox, socket: false, words: ['sleep', '600'] });
      const env = { ...image, OFFSHOOT_WHEN: `exited:${other}` };
      const { exitCode, result } = await launch({ env, words: ['true'] });
      expect(exitCode).toBe(0);
      await eventually(() => expect(made()).toContain('POST /containers/{id}/wait'));
      await lab.ok('kill', other);
      await lab.gone(result.waiter?.id ?? '');
      expect(await lab.ended(result.id)).toBe(0);
    },
  },
  '`OFFSHOOT_READY`': {
    on: (engine) => isPlain(engine) && !isPodman(engine),
    run: isNotReady,
  },
  [sweeping]: { run: sweeps },
  'undoing what has failed': {
    async run({ lab, launch }) {
      const { exitCode, self } = await launch({ env: image, words: ['no-such-command'] });
      expect(exitCode).toBe(127);
      expect(await lab.descendants(self)).toEqual([]);
    },
  },
  '`OFFSHOOT_ATTACH`': {
    // Whose connection breaks off is not known before; on a busy machine it looks so.
    also: [attachingAgain],
    async run({ lab, start }) {
      const words = ['sh', '-c', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done'];
      const self = await start({ env: { ...image, OFFSHOOT_ATTACH: 'true' }, words });
      await eventually(async () => expect((await lab.logs(self)).stdout).toBe('ready'));
      await lab.ok('kill', '--signal', 'TERM', self);
      expect(await lab.ended(self)).toBe(7);
    },
  },
  [attachingAgain]: {
    also: ['`OFFSHOOT_KEY`'],
    async run(stage) {
      const env = { OFFSHOOT_KEY: stage.lab.mark };
      await launches(stage, { env });
      const second = await stage.launch({ env: { ...image, ...env, OFFSHOOT_ATTACH: 'true' }, words: ['echo', 'x'] });
      expect(second).toMatchObject({ exitCode: 0, stdout: 'hello' });
    },
  },
  '`OFFSHOOT_KEY`': { run: async (stage) => void (await launches(stage, { env: { OFFSHOOT_KEY: stage.lab.mark } })) },
  'pulling an image': {
    async run({ launch }) {
      // No registry is needed to see that the engine is asked.
      const { exitCode, events } = await launch({ env: { OFFSHOOT_IMAGE: '127.0.0.1:1/no/such:image' } });
      expect(exitCode).toBe(66);
      expect(events.at(-1)?.message).toMatch(/refused/);
    },
  },
  '`OFFSHOOT_NETWORK`, and a volume in `OFFSHOOT_MOUNT`': {
    also: ['several networks, before API 1.44'],
    async run(stage) {
      const [, volume] = await Promise.all([stage.lab.network('net'), stage.lab.volume('vol')]);
      const env = { OFFSHOOT_NETWORK: stage.lab.nameOf('net'), OFFSHOOT_MOUNT: `${volume}:/v` };
      await launches(stage, { env });
    },
  },
  'several networks, before API 1.44': {
    on: (engine) => isPlain(engine) && isOld(engine),
    also: ['`OFFSHOOT_NETWORK`, and a volume in `OFFSHOOT_MOUNT`'],
    async run(stage) {
      await stage.lab.network('one');
      await launches(stage, { env: { OFFSHOOT_NETWORK: stage.lab.nameOf('one') } });
    },
  },
  '`DOCKER_API_VERSION`, and engines beyond API 1.51': {
    // Which speaks that version itself is not asked.
    on: (engine) => isPlain(engine) && engine.apiVersion !== '1.41',
    run: async (stage) => void (await launches(stage, { env: { DOCKER_API_VERSION: '1.41' } })),
  },
  'proving self where the engine does not tell its layers': {
    on: (engine) => !isPlain(engine),
    oneOf: true,
    run: async (stage) => void (await launches(stage, {})),
  },
  'finding self where nothing in it tells its id': {
    on: (engine) => isPlain(engine) && engine.cgroup === 2,
    async run(stage) {
      const other = await stage.lab.start({ image: busybox, socket: false, words: ['sleep', '600'] });
      await launches(stage, { flags: ['--network', `container:${other}`] });
    },
  },
  "Podman's own calls": {
    on: isPodman,
    also: ['`OFFSHOOT_READY`'],
    async run(stage) {
      await isNotReady(stage);
      await sweeps(stage);
    },
  },
};

async function sweeps({ lab, launch }: Stage): Promise<void> {
  const { self } = await launch({ name: 'twice', env: image, words: ['true'] });
  const flags = [`--label=${lab.mark}`, `--label=${label.parent}=${self}`, '--name', lab.nameOf('left')];
  const left = await lab.ok('create', ...flags, busybox, 'true');
  await sleep(2_100); // in whole seconds it is older than the next run then
  expect(await lab.docker('start', '--attach', lab.nameOf('twice'))).toMatchObject({ exitCode: 0 });
  expect(await lab.exists(left)).toBe(false);
}

function callsOf(features: readonly string[]): string[] {
  return needs.filter(({ feature }) => features.includes(feature)).flatMap(({ calls }) => calls);
}

plainIt('each row of the README is shown by a scenario', () => {
  expect(Object.keys(scenarios)).toEqual(needs.map(({ feature }) => feature));
  for (const { calls } of needs) expect(calls).not.toEqual([]);
});

const engines = onePer(inject('allEngines'), releaseAndStoreOf);

describe.each(engines)('a proxy before $kind that allows what the README lists', { concurrent: true }, (engine) => {
  const it = labTest(engine);
  const always = [
    'every launch',
    sweeping,
    ...(isPodman(engine) ? ["Podman's own calls"] : []),
    ...(isPlain(engine) ? [] : ['proving self where the engine does not tell its layers']),
  ];

  /** What was made of these calls, when nothing else was. */
  async function through(lab: Lab, allowed: readonly string[], run: Scenario['run'], optional: readonly string[] = []) {
    const proxy = await guard(engine.socket, allowed);
    try {
      await run({
        lab,
        launch: (request) => lab.launch({ socket: proxy.socket, ...request }),
        start: (request) => lab.start({ socket: proxy.socket, ...request }),
        made: proxy.made,
      });
      const beyond = proxy.refused().filter((request) => !optional.some((part) => request.includes(part)));
      expect(beyond).toEqual([]);
      return proxy.made();
    } finally {
      await proxy.close();
    }
  }

  const wanted = Object.entries(scenarios).filter(([, { on }]) => (on ?? isPlain)(engine));
  it.for(wanted)('%s', async ([feature, { run, also = [], oneOf }], { lab }) => {
    const calls = callsOf([feature]);
    if (oneOf) {
      for (const call of calls) {
        const others = calls.filter((other) => other !== call).map((other) => other.replace(/.*\//, '/'));
        const made = await through(lab, [...callsOf(['every launch', sweeping]), call], run, others);
        expect(made).toContain(call);
      }
      return;
    }
    const made = await through(lab, callsOf([...always, feature, ...also]), run);
    expect([...made]).toEqual(expect.arrayContaining(calls));
  });

  it.skipIf(!isPodman(engine))('of Docker alone is enough for Podman', async ({ lab }) => {
    const made = await through(lab, callsOf(['every launch', sweeping, '`OFFSHOOT_READY`']), isNotReady, ['/libpod/']);
    expect([...made]).toEqual(expect.arrayContaining(callsOf(['`OFFSHOOT_READY`'])));
  });
});
