import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'offshoot-package-'));
const modules = join(folder, 'node_modules');

/** What a user gets: the packed tarball in a folder of its own, beside its dependencies. */
beforeAll(async () => {
  await execa('node', ['tools/build.ts'], { cwd: root, preferLocal: true });
  const { stdout } = await execa('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  const [{ filename = '' } = {}] = Object.values(JSON.parse(stdout) as Record<string, { filename?: string }>);
  mkdirSync(join(modules, 'offshoot'), { recursive: true });
  await execa('tar', ['-xf', join(folder, filename), '--strip-components=1', '-C', join(modules, 'offshoot')]);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of [...Object.keys(dependencies), '@types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

it('can be imported, and finds no container here', async () => {
  writeFileSync(
    join(folder, 'use.js'),
    `import { inspectSelf, OffshootError, parsePlan } from 'offshoot';
     const plan = parsePlan({ env: { OFFSHOOT_IMAGE: 'alpine' }, now: new Date(), readFile: () => '' });
     const error = await inspectSelf({ env: { DOCKER_HOST: 'unix:///nonexistent' } }).catch((error) => error);
     console.log(JSON.stringify([plan.image, error instanceof OffshootError, error.code]));`,
  );
  const { stdout } = await execa('node', ['use.js'], { cwd: folder, preferLocal: true, localDir: root });
  expect(JSON.parse(stdout)).toEqual(['alpine', true, 'ERR_ENGINE_UNAVAILABLE']);
});

// The compiler takes its time on a busy machine.
it('has types that a strict program compiles with', { timeout: 60_000 }, async () => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { inspectSelf, launch, type LaunchResult, type Plan, type Runtime } from 'offshoot';
     export async function name(runtime: Runtime, plan: Plan, result: LaunchResult): Promise<string> {
       const { record } = await inspectSelf({ env: process.env, hint: plan.name ?? result.id });
       const image: string | undefined = (await runtime.inspectImage(record.image.id, { signal: AbortSignal.timeout(1) }))?.id;
       return image ?? typeof launch;
     }`,
  );
  const config = {
    compilerOptions: { strict: true, module: 'nodenext', target: 'es2024', noEmit: true, types: ['node'] },
    files: ['use.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, exitCode } = await execa('tsc', ['-p', folder], { preferLocal: true, localDir: root, reject: false });
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
});

it('brings the command', async () => {
  const { stdout } = await execa('node', [join(modules, 'offshoot/dist/offshoot.js'), '--version'], {
    preferLocal: true,
    localDir: root,
  });
  expect(stdout).toMatch(/^offshoot \d+\.\d+\.\d+$/);
});
