import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { newCanary } from '../support/canaries.ts';
import { startProxy } from '../support/engine-proxy.ts';
import { temporaryFolder } from '../support/fake-engine.ts';
import { eventually, type Lab, labTest, type LaunchRequest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { processesOf } from '../support/processes.ts';

const busybox = 'offshoot-test/busybox:1';
const launcher = '/opt/offshoot/offshoot';

/** Secrets wherever people put them, by what they are called. They come from files, so that no word of ours has them. */
async function planted() {
  const canaries = ['OWN', 'ENV', 'LABEL', 'SELF_LABEL', 'OVERRIDE', 'AUTH', 'PROXY', 'DRIVER'].map((name) => ({
    name,
    canary: newCanary(name),
  }));
  const valueOf = (wanted: string): string => canaries.find(({ name }) => name === wanted)?.canary.value ?? '';
  const auth = Buffer.from(`user:${valueOf('AUTH')}`).toString('base64');
  const env = {
    OWN_TOKEN: valueOf('OWN'),
    OFFSHOOT_ENV_TOKEN: valueOf('ENV'),
    OFFSHOOT_LABEL_FILE: '/secrets/label',
    OFFSHOOT_OVERRIDE: JSON.stringify({
      Labels: { overridden: valueOf('OVERRIDE') },
      HostConfig: { LogConfig: { Type: 'json-file', Config: { labels: valueOf('DRIVER') } } },
    }),
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { '127.0.0.1:9': { auth } } }),
    HTTP_PROXY: `http://user:${valueOf('PROXY')}@127.0.0.1:9`,
    https_proxy: `http://user:${valueOf('PROXY')}@127.0.0.1:9`,
  };
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'label'), `token=${valueOf('LABEL')}`);
  await writeFile(
    join(folder, 'env'),
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  await writeFile(join(folder, 'labels'), `own-token=${valueOf('SELF_LABEL')}\n`);
  return {
    flags: ['--env-file', join(folder, 'env'), '--label-file', join(folder, 'labels'), '-v', `${folder}:/secrets:ro`],
    mustNotBeIn(text: string, where: string, except: readonly string[] = []): void {
      for (const { name, canary } of canaries) if (!except.includes(name)) canary.mustNotBeIn(text, where);
    },
  };
}

/** The words of every process of this machine, as often as it can be asked until it is told to stop. */
function watchProcesses() {
  const seen = new Set<string>();
  const told = new AbortController();
  const watching = (async () => {
    while (!told.signal.aborted) {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const read = (pid: string): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      for (const words of await Promise.all(pids.map(read))) seen.add(words);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  return async (): Promise<string> => {
    told.abort();
    await watching;
    return [...seen].join('\n');
  };
}

const debug = { OFFSHOOT_LOG_LEVEL: 'debug' };
const now = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_COMMAND: 'true' };

/** Every flow, and how it ends. */
const flows: readonly (readonly [what: string, status: number, request: LaunchRequest])[] = [
  ['now, as JSON', 0, { env: { ...debug, ...now } }],
  ['now, as text', 0, { env: { ...debug, ...now, OFFSHOOT_LOG: 'text', OFFSHOOT_KEY: 'text' } }],
  ['of itself', 0, { env: { ...debug, OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: 'true' } }],
  ['attached', 3, { env: { ...debug, OFFSHOOT_IMAGE: busybox, OFFSHOOT_ATTACH: '1' }, words: ['sh', '-c', 'exit 3'] }],
  ['as a plan', 0, { env: debug, words: [launcher, 'plan', busybox] }],
  ['as a plan for people', 0, { env: { ...debug, ...now, OFFSHOOT_DRY_RUN: '1' }, flags: ['-t'] }],
  ['as docker run', 0, { env: debug, words: [launcher, 'plan', busybox, '--as', 'docker-run'] }],
  ['as a Compose file', 0, { env: debug, words: [launcher, 'plan', busybox, '--as', 'compose'] }],
  ['that tells self', 0, { words: [launcher, 'self', '--log-level', 'debug'] }],
  ['that translates a path', 0, { words: [launcher, 'path', '/secrets/label', '--json'] }],
  ['without a password that is told', 64, { env: { ...debug, ...now, DOCKER_HOST: 'tcp://user:hunter2@127.0.0.1:9' } }],
  [
    'of an image that is nowhere',
    66,
    { env: { ...debug, OFFSHOOT_IMAGE: '127.0.0.1:9/none:1', OFFSHOOT_PULL_TIMEOUT: '20s' } },
  ],
  ['whose network is nowhere', 64, { env: { ...debug, ...now, OFFSHOOT_NETWORK: 'nowhere' } }],
  ['whose command is nowhere', 127, { env: { ...debug, ...now, OFFSHOOT_COMMAND: 'no-such-command' } }],
  [
    'whose override is wrong',
    64,
    { env: { ...debug, ...now, OFFSHOOT_OVERRIDE: '{"Env":["A=hunter2"],"Bogus":"hunter2"}' } },
  ],
];

describe.each(onePer(inject('engines'), releaseOf))('no secret is told on $kind', (engine) => {
  const it = labTest(engine);

  it(
    'by any flow: in its output, in the words of a process, in a URL, in a label',
    { timeout: 120_000 },
    async ({ lab }) => {
      const [secrets, proxy] = await Promise.all([planted(), startProxy(engine.socket)]);
      const stop = watchProcesses();
      const socket = proxy.host.replace('unix://', '');
      // A few at a time.
      const waiting = [...flows];
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [what, status, { flags = [], ...request }] = next;
          const ended = await lab.launch({ ...request, flags: [...secrets.flags, ...flags], socket });
          expect({ what, status: ended.exitCode, stderr: ended.stderr }).toMatchObject({ what, status });
          secrets.mustNotBeIn(`${ended.stdout}\n${ended.stderr}`, `the output of a launch ${what}`);
          expect(`${ended.stdout}\n${ended.stderr}`, what).not.toContain('hunter2');
        }
      };
      await Promise.all([work(), work(), work()]);
      secrets.mustNotBeIn(await stop(), 'the words of a process');
      secrets.mustNotBeIn(proxy.requests.map(decodeURIComponent).join('\n'), 'a URL');
      expect(proxy.requests.length).toBeGreaterThan(flows.length);
      await proxy.close();
      // Labels that were given are the sibling's own; nothing else is in any.
      await checkLabels(lab, (text) => secrets.mustNotBeIn(text, 'a label', ['LABEL', 'SELF_LABEL', 'OVERRIDE']));
    },
  );

  it('to a waiter, which has none of them, nor does a control variable reach a sibling', async ({ lab }) => {
    const secrets = await planted();
    const env = { ...debug, OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h', OFFSHOOT_COMMAND: 'true' };
    const launched = await lab.launch({ env, flags: secrets.flags });
    expect(launched).toMatchObject({ exitCode: 0 });
    secrets.mustNotBeIn(launched.stdout + launched.stderr, 'the output');
    const waiter = launched.result.waiter?.id ?? '';
    secrets.mustNotBeIn(JSON.stringify(await lab.inspect(waiter)), 'the waiter');
    const running = await eventually(async () => {
      const found = await processesOf(waiter);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    for (const { pid } of running) {
      const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      secrets.mustNotBeIn(environ, 'the environment of the waiter');
    }
    const { Config } = await lab.inspect(launched.result.id);
    expect(Config.Env.filter((entry) => entry.startsWith('OFFSHOOT_'))).toEqual([]);
    // What was to be given is there: the search would find it.
    expect(() => secrets.mustNotBeIn(JSON.stringify(Config), 'the sibling')).toThrow('is in the sibling');
  });

  it('by a sibling that launches a sibling, in the place of waitdaemon too', async ({ lab }) => {
    const secrets = await planted();
    // The first launches self, whose command launches another.
    const command = [launcher, 'launch', busybox, '--command', 'true', '--log-level', 'debug'];
    const env = { ...debug, OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: JSON.stringify(command), OFFSHOOT_ATTACH: '1' };
    const nested = await lab.launch({ env, flags: secrets.flags });
    expect(nested).toMatchObject({ exitCode: 0 });
    secrets.mustNotBeIn(nested.stdout + nested.stderr, 'the output of both');
    const compat = { ...debug, IMAGE: busybox, WAIT_SECONDS: '0', NERDCTL_HOST: 'false' };
    const asked = { image: 'offshoot:waitdaemon', env: compat, words: ['true'] };
    const stood = await lab.launch({ ...asked, flags: secrets.flags });
    expect(stood).toMatchObject({ exitCode: 0 });
    secrets.mustNotBeIn(stood.stdout + stood.stderr, 'the output in the place of waitdaemon');
    const made = await lab.descendants(nested.self, stood.self);
    expect(made).toHaveLength(3);
    const control = /^(?:OFFSHOOT_.*|IMAGE|WAIT_SECONDS|CONTAINER_RUNTIME|NERDCTL_NAMESPACE|NERDCTL_HOST|PHASE)$/;
    for (const id of made) {
      const { Config } = await lab.inspect(id);
      const names = Config.Env.filter((entry) => !entry.endsWith('=')).map((entry) => entry.split('=', 1)[0] ?? '');
      expect(names.filter((name) => control.test(name))).toEqual([]);
      expect(names).toContain('OWN_TOKEN');
    }
  });
});

async function checkLabels(lab: Lab, check: (text: string) => void): Promise<void> {
  const all = await lab.api.listContainers({ all: true });
  const ours = all.filter(({ Labels }) => Labels[label.parent] !== undefined);
  expect(ours.length).toBeGreaterThan(0);
  check(JSON.stringify(ours.map(({ Labels, Names, Command }) => [Labels, Names, Command])));
}
