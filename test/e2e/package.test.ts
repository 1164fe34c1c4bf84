import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it as plainIt } from 'vitest';
import { eventually, type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { folderWithPackage } from '../support/packed.ts';
import { isPodman } from '../support/podman.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a user gets, and our examples beside it. */
let folder: string;
beforeAll(async () => {
  folder = await folderWithPackage();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program of development, on the installed package. */
const run = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa(file, args, { cwd: folder, env, preferLocal: true, localDir: root, stdin: 'ignore', all: true });

describe('the package that is packed and installed', () => {
  plainIt('can be imported, and finds no container here', async () => {
    await writeFile(
      join(folder, 'use.js'),
      `import { inspectSelf, OffshootError, parsePlan } from 'offshoot';
       const plan = parsePlan({ env: { OFFSHOOT_IMAGE: 'alpine' } });
       const error = await inspectSelf({ env: { DOCKER_HOST: 'unix:///nonexistent' } }).catch((error) => error);
       console.log(JSON.stringify([plan.image, error instanceof OffshootError, error.code]));`,
    );
    const { stdout } = await run('node', ['use.js']);
    expect(JSON.parse(stdout)).toEqual(['alpine', true, 'ERR_ENGINE_UNAVAILABLE']);
  });

  plainIt('has types that strict programs compile with', async () => {
    const options = { strict: true, module: 'nodenext', target: 'es2024', noEmit: true };
    const config = {
      compilerOptions: { ...options, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
      include: ['*.ts'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, exitCode } = await execa('tsc', ['-p', folder], {
      preferLocal: true,
      localDir: root,
      reject: false,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
  });

  plainIt('brings the command', async () => {
    const { stdout } = await run('node', ['node_modules/.bin/offshoot', '--version']);
    expect(stdout).toMatch(/^offshoot \d+\.\d+\.\d+$/);
  });
});

describe.each(onePer(inject('allEngines'), releaseOf))('the examples on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);
  const image = isPodman(engine) ? 'docker.io/offshoot-test/busybox:1' : 'offshoot-test/busybox:1';

  /** On the engine's host. */
  const start = (example: string, ...args: string[]) =>
    run('node', [`${example}.ts`, ...args], { DOCKER_HOST: engine.host, DOCKER_CONFIG: '/nonexistent' });

  /** In a container that has the way to its engine. */
  async function runInside(lab: Lab, name: string, example: string, ...args: string[]): Promise<string> {
    const flags = ['-v', `${folder}:/app:ro`, '-w', '/app'];
    const words = ['/opt/offshoot/bin/node', `${example}.ts`, ...args];
    const { exitCode, stdout, stderr } = await lab.launch({ name, flags, words });
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  }

  it('who-am-i', async ({ lab }) => {
    const said = await runInside(lab, 'asking', 'who-am-i');
    const { Id } = await lab.inspect(lab.nameOf('asking'));
    expect(said).toContain(`I am ${lab.nameOf('asking')} (${Id.slice(0, 12)}), of `);
    expect(said).toContain(`bind ${folder} → /app`);
  });

  it('launch-a-sibling', async ({ lab }) => {
    const sibling = await runInside(lab, 'parent', 'launch-a-sibling', image, '1s');
    await eventually(async () => expect((await lab.logs(sibling)).stdout).toBe('I was launched by a program'));
  });

  it('run-a-job', async () => {
    const { all } = await start('run-a-job', image);
    expect(all).toMatch(/^HELLO\nWORLD\njob-\d+ has ended with 3, and has written 12 bytes$/);
  });

  it('talk-to-a-process', async ({ lab }) => {
    const container = await lab.start({ image, flags: ['--network', 'none'], words: ['sleep', '1000'] });
    const { all } = await start('talk-to-a-process', container);
    expect(all).toBe('it runs Linux (0)\napple\nfig\npear\nsort has ended with 0');
  });

  it('watch-containers', async ({ lab }) => {
    const watching = start('watch-containers', lab.mark, '3');
    let said = '';
    watching.stdout.on('data', (text: Buffer) => (said += String(text)));
    await eventually(() => expect(said).toBe('watching\n'));
    await lab.launch({ name: 'seen', image, flags: ['--network', 'none'], words: ['true'] });
    await watching;
    const actions = ['create', 'start', 'die'].map((action) => `${lab.nameOf('seen')}: ${action}`);
    expect(said.split('\n')).toEqual(expect.arrayContaining(actions));
  });

  it('network-and-volume', async ({ lab }) => {
    // Twice, as nothing is left.
    for (let time = 0; time < 2; time += 1)
      expect((await start('network-and-volume', image)).all).toBe('kept\nthe client has ended with 0');
    expect(await lab.ok('volume', 'ls', '-q', '--filter', 'label=com.example.app=demo')).toBe('');
  });

  it('build-an-image', async ({ lab }) => {
    const context = join(folder, lab.mark);
    await mkdir(context);
    await writeFile(join(context, 'Dockerfile'), `FROM ${image}\nCOPY . /here\n`);
    const tag = `${lab.mark}:built`;
    const { all } = await start('build-an-image', context, tag);
    expect(all).toContain(`${tag} is ${await lab.ok('image', 'inspect', '--format', '{{.Id}}', tag)}, by `);
    await lab.ok('rmi', tag);
  });

  it('what-can-it-do', async () => {
    const { all } = await start('what-can-it-do');
    expect(all).toMatch(isPodman(engine) ? /^podman: Podman /m : /^docker: Docker Engine /m);
    expect(all).toMatch(/^ {2}exec: \{ supported: true \}$/m);
    expect(all).toMatch(/^firecracker: needs .*kvm/m);
  });

  it.skipIf(isPodman(engine))('runtime-of-my-own', async () => {
    const { all } = await start('runtime-of-my-own', image);
    expect(all).toContain(`{ name: 'audited', registered: true }`);
    expect(all).toMatch(/^made audited-\d+ of /m);
  });
});
