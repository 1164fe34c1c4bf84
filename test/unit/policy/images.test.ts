import { describe, expect, it } from 'vitest';
import { checkImage, checkPlan } from '../../../src/policy/check-plan.ts';
import { digestOf, planUnder, policyOf } from './policies.ts';

const [a, b] = [digestOf('a'), digestOf('b')];
const [idA, idB] = ['a'.repeat(64), digestOf('b')];

function problemsOf(images: readonly string[], image: string, more: object = {}): string[] {
  const policy = policyOf({ images, ...more });
  return checkPlan(planUnder(policy, { OFFSHOOT_IMAGE: image }), policy).map(
    ({ rule, problem }) => `${rule}: ${problem}`,
  );
}

describe('an image is allowed', () => {
  it.each([
    ['alpine:3', 'alpine:3'],
    ['alpine:3', 'docker.io/library/alpine:3'],
    ['alpine:3', 'docker.io/alpine:3'],
    ['alpine:3', 'library/alpine:3'],
    ['index.docker.io/library/alpine:3', 'alpine:3'],
    ['docker.io/evil/alpine:3', 'evil/alpine:3'],
    ['localhost/alpine:3', 'localhost/alpine:3'],
    ['registry:5000/a/b:1', 'registry:5000/a/b:1'],
    ['[::1]:5000/a:1', '[::1]:5000/a:1'],
    ['alpine:*', 'alpine:3'],
    ['alpine:*', `alpine@${a}`],
    ['alpine:*', `alpine:3@${a}`],
    [`alpine@${a}`, `alpine@${a}`],
    [`alpine@${a}`, `alpine:3@${a}`],
    [`alpine@${a}`, 'alpine:3'],
    [`alpine:3@${a}`, `alpine:3@${a}`],
    [`alpine:3@${a}`, 'alpine:3'],
    [`alpine:3@${a}`, `alpine@${a}`],
    ['self', 'self'],
    [idA, digestOf('a')],
    [digestOf('a'), idA],
  ])('%s allows %s', (rule, image) => {
    expect(problemsOf(['other:1', rule], image)).toEqual([]);
  });
});

describe('an image that looks like it is refused', () => {
  it.each([
    ['alpine:3', 'alpine:3.1'],
    ['alpine:3', 'alpine:latest'],
    ['alpine:3', 'evil/alpine:3'],
    ['alpine:3', 'evil.com/alpine:3'],
    ['alpine:3', 'docker.io.evil.com/alpine:3'],
    ['alpine:3', 'docker.io.evil.com/library/alpine:3'],
    ['alpine:3', 'registry-1.docker.io/library/alpine:3'],
    ['alpine:3', 'docker.io:443/library/alpine:3'],
    ['alpine:3', 'docker.io/evil/alpine:3'],
    ['alpine:3', 'Docker.io/library/alpine:3'],
    ['alpine:3', 'localhost/alpine:3'],
    ['alpine:3', 'localhost:5000/alpine:3'],
    ['alpine:3', 'library.docker.io/alpine:3'],
    ['alpine:3', 'docker.io/library/library/alpine:3'],
    ['alpine:3', 'alpine-linux:3'],
    ['alpine:3', 'a1pine:3'],
    ['alpine:3', `alpine:3@${a}`],
    ['alpine:3', `alpine@${a}`],
    ['alpine:3', 'self'],
    ['alpine:3', idA],
    ['alpine:*', 'alpine-extra:3'],
    ['alpine:*', 'alpine/extra:3'],
    ['alpine:*', 'evil/alpine:3'],
    ['ghcr.io/owner/app:1', 'ghcr.io.evil.com/owner/app:1'],
    ['ghcr.io/owner/app:1', 'owner/app:1'],
    ['ghcr.io/owner/app:1', 'ghcr.io/owner/app/x:1'],
    ['ghcr.io/owner/app:1', 'ghcr.io/owner-app:1'],
    ['ghcr.io/owner/app:1', 'GHCR.io/owner/app:1'],
    ['registry:5000/app:1', 'registry:5001/app:1'],
    ['registry:5000/app:1', 'registry/app:1'],
    [`alpine@${a}`, `alpine@${b}`],
    [`alpine@${a}`, `evil/alpine@${a}`],
    [`alpine@${a}`, digestOf('a')],
    [`alpine:3@${a}`, 'alpine:4'],
    [`alpine:3@${a}`, `alpine:4@${a}`],
    [idB, digestOf('a')],
    ['self', 'self:latest'],
    ['self', 'library/self:1'],
  ])('%s does not allow %s', (rule, image) => {
    expect(problemsOf([rule], image)).toEqual([`images: ${JSON.stringify(image)} is not allowed; allowed: ${rule}`]);
  });

  it('one without a tag means what the registry says today', () => {
    expect(problemsOf(['alpine:latest', 'alpine:*'], 'alpine')).toEqual([
      'images: "alpine" has no tag, so that what it means can change; allowed: alpine:latest, alpine:*',
    ]);
  });

  it('an empty list allows none', () => {
    expect(problemsOf([], 'self')).toEqual(['images: "self" is not allowed; allowed: none']);
  });

  it.each([
    ['alpine:3', 1],
    [`alpine:3@${a}`, 0],
    ['self', 0],
    [idA, 0],
  ])('where a digest is required: %s', (image, count) => {
    expect(problemsOf(['alpine:*', 'self', idA], image, { requireDigest: true })).toHaveLength(count);
  });
});

describe('the image that is really used', () => {
  const check = (rule: string, image: string, used: { id: string; digests: string[] }): unknown[] =>
    checkImage({ image }, { ...used, config: undefined }, policyOf({ images: [rule] }));

  it('has the digest of the rule, whatever the tag says', () => {
    expect(check(`alpine@${a}`, 'alpine:3', { id: digestOf('c'), digests: [`alpine@${b}`, `alpine@${a}`] })).toEqual(
      [],
    );
    expect(check(`alpine@${a}`, 'alpine:3', { id: a, digests: [] })).toEqual([]);
  });

  it.each([
    ['moved', [`alpine@${b}`]],
    ['was built here', []],
    ['has it in its name alone', [`registry/${'a'.repeat(64)}@${b}`]],
  ])('is refused where the tag %s', (_, digests) => {
    const used = [digestOf('c'), ...digests].join(', ');
    expect(check(`alpine@${a}`, 'alpine:3', { id: digestOf('c'), digests })).toEqual([
      { rule: 'images', problem: `"alpine:3" is ${used}; allowed: ${a}` },
    ]);
  });

  it('may be anything where the rule names a tag', () => {
    expect(check('alpine:3', 'alpine:3', { id: digestOf('c'), digests: [] })).toEqual([]);
  });
});
