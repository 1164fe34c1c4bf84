// npm run demo: the main job on a real engine, shown. The reachable engine, else a private one in a throw-away folder.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { startEngine } from './engines/index.ts';
import { buildImages } from './image.ts';

interface Stage {
  readonly docker: string;
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** The engine's socket as its own host knows it. */
  readonly socket: string;
  end(): Promise<void>;
}

const mark = 'io.offshoot.demo';
const stage = await findStage();
const docker = execa({ env: { DOCKER_HOST: stage.host }, stdin: 'ignore', reject: false });

try {
  // An interrupted demo may have left its containers on an engine that goes on.
  await clean();
  say('Building the images (no registry of images is used) …');
  await buildImages({ dockerHost: stage.host, pull: false, report: () => {} });

  say('1. A container finds itself, and says how it is sure:');
  await show('run', '--rm', ...withEngine(), 'offshoot:dev', 'offshoot', 'self');

  say('2. Triggered by a variable, it starts a sibling of its own image and ends:');
  await show(
    'run',
    '--name',
    'demo-now',
    ...withEngine(),
    '-e',
    'OFFSHOOT_IMAGE=self',
    '-e',
    greeting('now'),
    '-e',
    'USER_SETTING=kept',
    'offshoot:dev',
  );
  await showSiblings('demo-now');

  say(
    '3. Three seconds later: it reports success at once, a waiter starts the sibling at its time and removes itself:',
  );
  await show(
    'run',
    '--name',
    'demo-later',
    ...withEngine(),
    '-e',
    'OFFSHOOT_IMAGE=self',
    '-e',
    'OFFSHOOT_DELAY=3s',
    '-e',
    greeting('later'),
    'offshoot:dev',
  );
  await list();
  await sleep(4_000);
  await showSiblings('demo-later');

  say('4. Attached: the output and the exit status are the sibling’s:');
  await show(
    'run',
    '--name',
    'demo-attached',
    ...withEngine(),
    '-e',
    'OFFSHOOT_IMAGE=self',
    '-e',
    'OFFSHOOT_ATTACH=true',
    '-e',
    'OFFSHOOT_COMMAND=sh -c "echo from the sibling; exit 7"',
    'offshoot:dev',
  );

  say('What is there now:');
  await list();
} finally {
  await clean();
  await stage.end();
}

function withEngine(): string[] {
  return ['--label', mark, '-v', `${stage.socket}:/var/run/docker.sock`, '-e', 'OFFSHOOT_LOG=text'];
}

function greeting(when: string): string {
  return `OFFSHOOT_COMMAND=sh -c 'echo hello from the sibling, ${when}: USER_SETTING is $USER_SETTING'`;
}

/** Runs docker and shows what was typed, what came, and the status. */
async function show(...args: string[]): Promise<void> {
  console.log(`\n$ docker ${args.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')}`);
  const { exitCode, all } = await docker(stage.docker, args, { all: true });
  console.log(all);
  console.log(`→ exit status ${exitCode}`);
  const expected = args.includes('demo-attached') ? 7 : 0;
  if (exitCode !== expected) throw new Error(`expected exit status ${expected}`);
}

async function showSiblings(parent: string): Promise<void> {
  for (const id of await childrenOf(parent)) {
    await docker(stage.docker, ['wait', id]);
    const { stdout } = await docker(stage.docker, ['logs', id]);
    console.log(`the sibling said: ${stdout}`);
    if (!stdout.includes('hello from the sibling')) throw new Error('the sibling did not run');
  }
}

async function childrenOf(parent: string): Promise<string[]> {
  const { stdout: id } = await docker(stage.docker, ['inspect', '--format', '{{.Id}}', parent]);
  const { stdout } = await docker(stage.docker, ['ps', '-aq', '--filter', `label=io.offshoot.parent=${id}`]);
  return stdout.split('\n').filter(Boolean);
}

async function list(): Promise<void> {
  const { stdout } = await docker(stage.docker, ['ps', '-a', '--format', 'table {{.Names}}\t{{.Image}}\t{{.Status}}']);
  console.log(`\n$ docker ps -a\n${stdout}`);
}

async function clean(): Promise<void> {
  const { stdout } = await docker(stage.docker, ['ps', '-aq', '--no-trunc', '--filter', `label=${mark}`]);
  for (const id of stdout.split('\n').filter(Boolean)) {
    const children = await childrenOf(id);
    await docker(stage.docker, ['rm', '-f', id, ...children]);
  }
}

async function findStage(): Promise<Stage> {
  const host = process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
  const socket = host.replace('unix://', '');
  if (host.startsWith('unix://') && existsSync(socket)) {
    const { failed } = await execa({ reject: false, env: { DOCKER_HOST: host } })`docker version`;
    if (!failed) {
      say(`Using the engine at ${host}.`);
      return { docker: 'docker', host, socket, end: async () => {} };
    }
  }
  say('No engine answers: starting a private one, from the distribution’s packages, in a folder of its own …');
  const engine = await startEngine('docker-20.10', { report: (line) => console.log(line) });
  say(`Docker ${engine.version}, API ${engine.apiVersion}, cgroup v${engine.cgroup}, in ${engine.dir}.`);
  return { docker: engine.docker, host: engine.host, socket: engine.socket, end: () => engine.stop() };
}

function say(text: string): void {
  console.log(`\n${text}`);
}
