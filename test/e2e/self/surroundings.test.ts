import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Self } from '../../../src/self/identify.ts';
import { controlGroups, files, names } from './lies.ts';
import { createMatrix } from './matrix.ts';
import { namespaces, sharedNamespaces } from './namespaces.ts';
import { nested } from './nested.ts';
import { setStage } from './stage.ts';
import { type Answer, type Proof, type Surrounding, usualProof } from './surrounding.ts';
import { privileges, ways } from './ways.ts';

const surroundings: readonly Surrounding[] = [
  ...names,
  ...namespaces,
  ...sharedNamespaces,
  ...files,
  ...controlGroups,
  ...privileges,
  ...ways,
  ...nested,
];

const proofs: readonly (readonly [Proof, RegExp])[] = [
  ['layer', /writable layer/],
  ['process', /our process is among its processes/],
  ['file', /a file that we have just made/],
  ['cgroup', /control group/],
];

const matrix = createMatrix(
  'who am I: proved by … (X: another container)',
  surroundings.map(({ title }) => title),
);
afterAll(() => void process.stdout.write(`\n${matrix.text()}\n`));

describe.each(inject('allEngines'))('who am I on $kind', (engine) => {
  let stage: Awaited<ReturnType<typeof setStage>>;
  beforeAll(async () => {
    stage = await setStage(engine);
  });
  afterAll(async () => {
    await stage.clear();
    expect(await stage.docker.ok('ps', '--all', '--quiet', '--filter', `label=${stage.docker.mark}`)).toBe('');
  });

  it.concurrent.for(surroundings)('$title', async ({ title, ask, proof = usualProof, because, lacks }, { skip }) => {
    const reason = lacks?.(engine);
    if (reason !== undefined) {
      matrix.set(title, engine.kind, '-');
      skip(reason);
    }
    const answer = await ask(stage);
    const proved = readAnswer(answer);
    matrix.set(title, engine.kind, proved);
    expect({ proved, stderr: answer.stderr }).toMatchObject({ proved: proof(engine) });
    const words = typeof because === 'function' ? because(engine) : because;
    if (words !== undefined && proved === 'refused') expect(answer.stderr).toMatch(words);
  });

  it.concurrent('leaves none of the files that it makes', async () => {
    const { docker, image, launcher, socketInInner } = stage.inner;
    const mounts = [...launcher, ...socketInInner];
    const id = await docker.ok('run', '--detach', '--label', docker.mark, ...mounts, image, 'sleep', '600');
    expect(await docker.ok('exec', id, '/opt/offshoot/offshoot', 'self')).toContain('a file that we have just made');
    expect(await docker.ok('diff', id)).not.toContain('.offshoot');
  });
});

/** What the matrix says; `WRONG` is the worst fault there is. */
function readAnswer({ right, exitCode, stdout, stderr }: Answer): string {
  if (exitCode === 65 && stdout === '' && stderr.includes('cannot tell which container')) return 'refused';
  if (exitCode !== 0) return `failed: ${exitCode}`;
  const { id, proof } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { id: string } & Self;
  if (id !== right) return 'WRONG';
  return proofs.find(([, words]) => words.test(proof))?.[0] ?? proof;
}
