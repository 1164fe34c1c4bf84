import { chmod, chown } from 'node:fs/promises';
import { describe, expect, inject, type OnTestFinishedHandler } from 'vitest';
import type { TestEngine } from '../support/global-engines.ts';
import { httpAnswer, startProxy } from '../support/engine-proxy.ts';
import { eventually, type Lab, labTest } from '../support/lab.ts';
import { type Guard, guard, needs } from '../support/least-privilege.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';
const nobody = '65534';
const group = 4242;
const bare = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

// Where the engine does not tell its layers, self has to be proved by other means.
const hardness = ({ imageStore }: TestEngine): number => (imageStore === 'containerd' ? 1 : 0);
const hardFirst = inject('allEngines').toSorted((left, right) => hardness(right) - hardness(left));
const engines = onePer(hardFirst, releaseOf);

type Finally = (handler: OnTestFinishedHandler) => void;

describe.each(engines)('with next to no rights on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  /** A proxy that allows all that the README lists, whose socket is open to root and to one group. */
  async function guarded(onTestFinished: Finally): Promise<Guard> {
    const proxy = await guard(
      engine.socket,
      needs.flatMap(({ calls }) => calls),
    );
    onTestFinished(proxy.close);
    await chown(proxy.socket, 0, group);
    await chmod(proxy.socket, 0o660);
    return proxy;
  }

  async function isLaunchedLater(lab: Lab, flags: readonly string[], more: { env?: object; socket: string | false }) {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1s', ...more.env };
    const launched = await lab.launch({ socket: more.socket, flags, env, words: ['id', '-u'] });
    expect(launched).toMatchObject({ exitCode: 0 });
    const waiter = await lab.inspect(launched.result.waiter?.id ?? '');
    await lab.gone(waiter.Id);
    expect(await lab.ended(launched.result.id)).toBe(0);
    return { waiter, stdout: (await lab.logs(launched.result.id)).stdout };
  }

  it.for([
    ['root', [], '0'],
    ['another user, in the group of the socket', ['--user', nobody, '--group-add', String(group)], nobody],
  ] as const)(
    '%s launches, without capabilities and a root file system to write to',
    async ([, flags, uid], { lab, onTestFinished }) => {
      const { socket, refused } = await guarded(onTestFinished);
      const { stdout } = await isLaunchedLater(lab, [...bare, ...flags], { socket });
      expect(stdout).toBe(uid);
      expect(refused().filter((call) => !call.includes('/libpod/'))).toEqual([]);
    },
  );

  it('another user is told which group the socket has', async ({ lab, onTestFinished }) => {
    const { socket } = await guarded(onTestFinished);
    const flags = [...bare, '--user', nobody];
    const { exitCode, events } = await lab.launch({ socket, flags, env: { OFFSHOOT_IMAGE: busybox } });
    expect(exitCode).toBe(69);
    expect(events.at(-1)?.message).toMatch(/user 65534 with the groups [0-9, ]+; it is of user 0 and group 4242/);
    expect(events.at(-1)?.message).toContain('--group-add 4242');
  });

  it('a waiter has the network of a proxy, and its address', async ({ lab, onTestFinished }) => {
    const { socket, refused } = await guarded(onTestFinished);
    await lab.network('net');
    const network = ['--network', lab.nameOf('net')];
    const listen = `require('net').createServer((client) => {
        const engine = require('net').connect('/var/run/docker.sock');
        client.pipe(engine).pipe(client).on('error', () => engine.destroy());
        engine.on('error', () => client.destroy());
      }).listen(2375, () => console.log('listening'))`;
    const flags = [...network, '--network-alias', 'proxy'];
    const proxy = await lab.start({ socket, flags, words: ['/opt/offshoot/bin/node', '-e', listen] });
    await eventually(async () => expect((await lab.logs(proxy)).stdout).toBe('listening'));
    const env = { DOCKER_HOST: 'tcp://proxy:2375' };
    const { waiter } = await isLaunchedLater(lab, network, { socket: false, env });
    expect(Object.keys(waiter.NetworkSettings.Networks)).toEqual([lab.nameOf('net')]);
    expect(waiter.Config.Env).toContain('DOCKER_HOST=tcp://proxy:2375');
    expect(waiter.Mounts).toEqual([]);
    expect(refused().filter((call) => !call.includes('/libpod/'))).toEqual([]);
    await lab.ok('rm', '-f', proxy);
  });
});

const page =
  '<!DOCTYPE html><html><head><title>No</title></head><body><h1>403</h1>\n<p>not from here</p></body></html>';
const answers = {
  page: httpAnswer(403, 'text/html', page),
  json: httpAnswer(403, 'application/json', '{"message":"not from here"}'),
  text: httpAnswer(405, 'text/plain', 'not from here\n'),
};

describe.each(engines.slice(0, 1))('what a proxy before $kind does not allow', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  async function forbidding(lab: Lab, request: RegExp, answer: string, image = busybox) {
    const proxy = await startProxy(engine.socket);
    try {
      proxy.rule((line) => (request.test(line) ? { answer } : undefined));
      const socket = proxy.host.slice('unix://'.length);
      return await lab.launch({ socket, env: { OFFSHOOT_IMAGE: image }, words: ['true'] });
    } finally {
      await proxy.close();
    }
  }

  it.for([
    ['to create', 73, /^POST .*\/containers\/create/, answers.json, /40\d to POST \/containers\/create: not from here/],
    ['to start', 73, /^POST .*\/start/, answers.text, /405 to POST \/containers\/\w+\/start: not from here/],
    ['to look at images', 73, /^GET .*\/images\//, answers.page, /403 to GET \/images\/.*\/json: 403 not from here/],
    ['to look at containers', 65, /^GET .*\/containers\//, answers.page, /403 to GET \/containers\/.*not from here/],
    ['anything', 69, /^/, answers.page, /answers 403 to GET \/version: 403 not from here/],
  ] as const)('%s: status %i, and the call and its words', async ([, status, request, answer, says], { lab }) => {
    const { exitCode, events, self } = await forbidding(lab, request, answer);
    expect(exitCode).toBe(status);
    expect(events.at(-1)?.message).toMatch(says);
    expect(await lab.descendants(self)).toEqual([]);
  });

  it('a look at our own image is not needed', async ({ lab }) => {
    const { exitCode, events, result } = await forbidding(lab, /^GET .*\/images\//, answers.text, 'self');
    expect(exitCode).toBe(0);
    expect(events.map(({ level, message }) => `${level} ${message}`).join('\n')).toMatch(
      /warn .*405 to GET \/images\//,
    );
    expect(await lab.ended(result.id)).toBe(0);
  });
});
