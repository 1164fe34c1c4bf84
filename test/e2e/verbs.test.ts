import { once } from 'node:events';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { beforeAll, describe, expect, inject } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { writeLauncher } from '../../tools/bundle/launcher.ts';
import { figure } from '../support/figure.ts';
import type { Finished } from '../support/docker.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { eventsIn, eventually, labTest } from '../support/lab.ts';
import { policyImage } from '../support/policy-image.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';

/** As it is delivered, of the sources as they are: it starts in a tenth of their time. */
let launcher: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-verbs-'));
  await writeLauncher(folder);
  launcher = join(folder, 'offshoot.js');
  return () => rm(folder, { recursive: true });
});

describe.each(onePer(inject('allEngines'), releaseOf))('the verbs on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it('leads a sibling from its list to its end, from inside and from the host', async ({ lab }) => {
    const self = await lab.start({ words: ['sleep', '1000'] });
    const script = 'echo out; echo err >&2; exit 3';
    const launched = await lab.ok(
      'exec',
      self,
      'offshoot',
      'launch',
      busybox,
      '--key',
      lab.mark,
      '--',
      'sh',
      '-c',
      script,
    );
    const { id, name } = JSON.parse(launched) as { id: string; name: string };

    // Beside the answer, only logs go to stderr; within the container it is known by what it was launched for.
    expect(await lab.docker('exec', self, 'offshoot', 'wait', `key=${lab.mark}`)).toMatchObject({
      exitCode: 0,
      stdout: '3',
    });
    expect(await lab.docker('exec', self, 'offshoot', 'logs', `key=${lab.mark}`)).toEqual({
      exitCode: 0,
      stdout: 'out',
      stderr: 'err',
    });

    const filter = ['--filter', `${label.parent}=${self}`];
    const [row, ...others] = JSON.parse((await on(engine, 'ps', '--json', ...filter)).stdout) as object[];
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id,
      name,
      status: 'exited',
      exitCode: 3,
      role: 'sibling',
      key: lab.mark,
      parent: self,
    });
    expect((await on(engine, 'ps', ...filter)).stdout).toMatch(
      new RegExp(`^ID .*\\n${id.slice(0, 12)} +${name} .* exited \\(3\\) .* sibling$`),
    );
    const lines = (await on(engine, 'logs', '--json', name)).stdout
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual(
      expect.arrayContaining([
        { stream: 'stdout', line: 'out' },
        { stream: 'stderr', line: 'err' },
      ]),
    );

    expect(await on(engine, 'rm', id.slice(0, 12))).toMatchObject({ exitCode: 0, stdout: name });
    const again = await on(engine, 'rm', name);
    expect(again).toMatchObject({ exitCode: 73, stdout: '' });
    expect(eventsIn(again.stderr)).toMatchObject([
      { event: 'error', code: 'ERR_NOT_FOUND', message: `there is no container ${name}` },
    ]);
    expect(await on(engine, 'rm', '--force', name)).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('removes with a sibling who waits to start it, and stops what runs', async ({ lab }) => {
    const { result } = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h' } });
    const table = (await on(engine, 'ps', '--filter', `${label.parent}=${result.self.id}`)).stdout;
    expect(table).toContain(` waiter: starts ${result.name} at 2`);
    const removed = await on(engine, 'rm', '--json', result.name);
    expect(JSON.parse(removed.stdout)).toMatchObject([
      { id: result.id, removed: true, waiters: [result.waiter?.name] },
    ]);
    expect(await lab.descendants(result.self.id)).toEqual([]);

    const later = await lab.launch({ env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '1h' } });
    expect(await on(engine, 'stop', later.result.name)).toMatchObject({ exitCode: 0, stdout: later.result.name });
    await lab.gone(later.result.id);
    const soon = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '2s' };
    const { result: quick } = await lab.launch({ env: soon, words: ['sh', '-c', 'exit 4'] });
    expect(await on(engine, 'wait', quick.name)).toMatchObject({ exitCode: 0, stdout: '4' });

    const web = await lab.start({ name: 'web', image: busybox, words: ['sleep', '1000'] });
    const [refused] = eventsIn((await on(engine, 'rm', lab.nameOf('web'))).stderr);
    expect(refused).toMatchObject({ code: 'ERR_CONFLICT', message: expect.stringContaining('is running') as string });
    // A shell of busybox as process 1 does not hear SIGTERM: it is killed when its time is over.
    const stopped = await on(engine, 'stop', '--time', '200ms', web.slice(0, 12), 'no-such');
    expect(stopped).toMatchObject({ exitCode: 73, stdout: lab.nameOf('web') });
    expect((await lab.inspect(web)).State.Running).toBe(false);
  });

  it('runs a command in a container, with its input, its outputs and its status', async ({ lab }) => {
    const web = await lab.start({ image: busybox, words: ['sleep', '1000'] });
    const script = 'read x; echo "$x $A $PWD"; echo err >&2; exit 7';
    const flags = ['-i', '-e', 'A=b c', '-w', '/tmp'];
    const run = await on(engine, 'exec', ...flags, web, 'sh', '-c', script, { input: 'said\n' });
    expect(run).toMatchObject({ exitCode: 7, stdout: 'said b c /tmp', stderr: 'err' });
    expect(await on(engine, 'exec', '--json', web, '--', 'printf', '%s', '-x')).toMatchObject({
      ...{ exitCode: 0, stdout: JSON.stringify({ exitCode: 0, stdout: '-x', stderr: '' }) },
    });
    expect((await on(engine, 'exec', web, 'no-such-command')).exitCode).toBe(127);
    expect((await on(engine, 'exec', 'no-such-container', 'true')).exitCode).toBe(73);
    expect((await on(engine, 'exec', '-it', web, 'sh', { input: '' })).stderr).toContain(
      'our standard input is no terminal',
    );
  });

  it('ends a stream when it is told to, whether somebody reads it or not', async ({ lab }) => {
    const loud = await lab.start({
      image: busybox,
      words: ['sh', '-c', 'while :; do echo a line of some length; done'],
    });
    // Nobody reads: what is to be written stands still.
    const stuck = start(engine, ['logs', '-f', loud]);
    await once(stuck.stdout, 'readable');
    const begin = performance.now();
    stuck.kill('SIGINT');
    const [status] = (await once(stuck, 'exit')) as [number];
    figure(`${engine.kind}: logs -f that nobody reads ends in ${Math.round(performance.now() - begin)} ms`);
    expect(status).toBe(130);

    // As `| head` does it.
    const closed = start(engine, ['logs', '-f', loud]);
    await once(closed.stdout, 'readable');
    closed.stdout.destroy();
    expect(await once(closed, 'exit')).toEqual([0, null]);
    await lab.docker('kill', loud);

    const watch = start(engine, ['events', '--json', '--filter', lab.mark, '--since', '1h']);
    let told = '';
    watch.stdout.on('data', (text: Buffer) => (told += text.toString()));
    const quick = await lab.start({ image: busybox, flags: ['--label', `${label.role}=sibling`], words: ['true'] });
    await eventually(() => {
      const actions = told.split('\n').filter((line) => line.includes(quick));
      expect(actions.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual(
        expect.arrayContaining(['create', 'start', 'die']),
      );
    });
    watch.kill('SIGINT');
    expect(await once(watch, 'exit')).toEqual([130, null]);
  });
});

describe.each(onePer(inject('engines'), () => 'one'))('on one engine, $kind', (engine) => {
  const it = labTest(engine);

  it('tells what is here, and whether a launch would work', async ({ lab }) => {
    const engines = JSON.parse((await on(engine, 'runtimes', '--json')).stdout) as {
      name: string;
      engine: string | null;
    }[];
    const kind = engine.kind.split('-')[0];
    expect(engines.find(({ name }) => name === kind)).toMatchObject({
      engine: expect.any(String),
      capabilities: { exec: { supported: true } },
    });
    expect(engines.find(({ name }) => name === 'firecracker')).toMatchObject({
      engine: null,
      reason: expect.stringContaining('/dev/kvm'),
    });

    const self = await lab.start({ words: ['sleep', '1000'] });
    const well = await lab.docker('exec', self, 'offshoot', 'doctor', '--json');
    const found = JSON.parse(well.stdout) as { check: string; outcome: string; says: string }[];
    expect({ status: well.exitCode, bad: found.filter(({ outcome }) => outcome === 'problem') }).toEqual({
      status: 0,
      bad: [],
    });
    expect(found.find(({ check }) => check === 'self')).toMatchObject({ outcome: 'ok' });
    const nowhere = ['-e', 'DOCKER_HOST=unix:///nowhere.sock'];
    const ill = await lab.docker('exec', ...nowhere, self, 'offshoot', 'doctor');
    expect(ill.exitCode).toBe(69);
    expect(ill.stdout).toMatch(/problem {2}engine: .*\n {9}why: an engine has to make the sibling\n {9}mend: /);
    // A launch that fails tells the same by itself.
    const failed = await lab.docker('exec', ...nowhere, self, 'offshoot', 'launch', busybox);
    const hint = eventsIn(failed.stderr).find(({ event }) => event === 'doctor');
    expect(hint).toMatchObject({
      level: 'warn',
      check: 'others',
      message: expect.stringContaining('Unset DOCKER_HOST.') as string,
    });

    expect(await on(engine, 'pull', '--pull', 'missing', busybox)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('sha256:') as string,
    });
    expect(await on(engine, 'pull', '--pull', 'never', 'no-such-image:1')).toMatchObject({ exitCode: 66, stdout: '' });
  });

  it('with a policy only own siblings are to be had', async ({ lab }) => {
    const image = await policyImage(engine, { images: [busybox] });
    const self = await lab.start({ image, words: ['sleep', '1000'] });
    const within = (...words: string[]): Promise<Finished> =>
      lab.docker('exec', self, '/opt/offshoot/offshoot', ...words);
    const { id } = JSON.parse((await within('launch', busybox, '--', 'echo', 'ours')).stdout) as { id: string };
    expect(await within('wait', id)).toMatchObject({ stdout: '0' });
    expect(await within('logs', id)).toMatchObject({ exitCode: 0, stdout: 'ours' });
    expect((await within('ps', '-q')).stdout).toBe(id.slice(0, 12));
    for (const words of [
      ['ps', '--all'],
      ['events', '--all'],
      ['logs', self],
      ['exec', self, 'true'],
      ['rm', '-f', self],
    ])
      expect(await within(...words)).toMatchObject({ exitCode: 77, stdout: '' });
    expect(await within('pull', 'busybox:2')).toMatchObject({ exitCode: 77, stdout: '' });
  });

  // Older engines set it a moment after they have made it.
  it('gives a command a terminal, with its size', async ({ lab }) => {
    const web = await lab.start({ image: busybox, words: ['sleep', '1000'] });
    const command = `stty rows 33 cols 99; exec ${process.execPath} ${launcher} exec -it ${web} sh -c 'until size=$(stty size 2>/dev/null) && [ "$size" ]; do sleep 0.1; done; echo "$size"; read x; echo "got $x"; exit 5'`;
    const { exitCode, stdout } = await execa('script', ['-qec', command, '/dev/null'], {
      env: environment(engine),
      input: 'typed\r',
      reject: false,
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 5,
      stdout: expect.stringMatching(/33 99[^]*got typed/) as string,
    });
  });
});

type Options = { readonly input: string };

async function on(engine: TestEngine, ...args: (string | Options)[]): Promise<Finished> {
  const words = args.filter((word) => typeof word === 'string');
  const { input } = args.find((word) => typeof word !== 'string') ?? { input: undefined };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [launcher, ...words], {
    ...{ env: environment(engine), extendEnv: false, reject: false },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** In the background, read by nobody but who asks for it. */
function start(engine: TestEngine, args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [launcher, ...args], {
    env: environment(engine),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function environment({ host }: TestEngine): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', DOCKER_HOST: host, HOME: '/nonexistent', OFFSHOOT_LOG: 'json' };
}
