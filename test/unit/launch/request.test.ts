import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/launch/explain.ts';
import { identityOf } from '../../../src/launch/key.ts';
import { label } from '../../../src/launch/labels.ts';
import { type SiblingInput, type SiblingRequest, siblingRequest } from '../../../src/launch/request.ts';
import { waiterSpec } from '../../../src/launch/waiter.ts';
import { readDuty } from '../../../src/launch/duty.ts';
import { readTask } from '../../../src/launch/task.ts';
import { parsePlan, type Plan } from '../../../src/plan/plan.ts';
import type { ContainerRecord, ImageRecord } from '../../../src/runtime/container.ts';
import { fakeContainers, recordOf } from '../../support/fake-containers.ts';

function planOf(env: Record<string, string>): Plan {
  return parsePlan({ env: { OFFSHOOT_IMAGE: 'other:1', ...env }, now: new Date(), readFile: () => '' });
}

function selfWith(env: readonly string[] = [], name = 'web'): ContainerRecord {
  const record = recordOf({ id: 'self', name });
  return { ...record, settings: { ...record.settings, env } };
}

const other: ImageRecord = { id: 'sha256:other', digests: [], config: undefined };

function requestOf(input: Pick<SiblingInput, 'plan' | 'self' | 'image'> & Partial<SiblingInput>): SiblingRequest {
  return siblingRequest({ selfImage: undefined, mounts: [], gone: new Set(), now: 0, ...input });
}

describe('the key and the name of a launch', () => {
  const identity = (env: Record<string, string> = {}, self = selfWith()) => identityOf(planOf(env), self);

  it('are the same for the same request of the same container', () => {
    expect(identity()).toEqual(identity());
    expect(identity().key).toMatch(/^[0-9a-f]{32}$/);
    expect(identity().name).toMatch(/^web-[0-9a-f]{12}$/);
  });

  it.each<[string, Record<string, string>]>([
    ['image', { OFFSHOOT_IMAGE: 'other:2' }],
    ['command', { OFFSHOOT_COMMAND: 'x' }],
    ['no command and an empty one', { OFFSHOOT_COMMAND: '[]' }],
    ['entrypoint', { OFFSHOOT_ENTRYPOINT: 'x' }],
    ['variables', { OFFSHOOT_ENV_A: '1' }],
    ['inheritance', { OFFSHOOT_INHERIT: 'none' }],
    ['override', { OFFSHOOT_OVERRIDE: '{"Tty":true}' }],
    ['name', { OFFSHOOT_NAME: 'own' }],
  ])('differ by %s', (_, env) => {
    expect(identity(env).key).not.toBe(identity().key);
  });

  it.each<Record<string, string>>([
    { OFFSHOOT_DELAY: '5s' },
    { OFFSHOOT_ATTACH: 'true' },
    { OFFSHOOT_LOG: 'json' },
    { OFFSHOOT_PULL: 'never' },
  ])('do not differ by how it is launched: %o', (env) => {
    expect(identity(env)).toEqual(identity());
  });

  it('differ by container, unless the key is given', () => {
    const another = { ...selfWith(), id: 'another' };
    expect(identity({}, another).key).not.toBe(identity().key);
    const key = { OFFSHOOT_KEY: 'deploy/7' };
    expect(identity(key, another)).toEqual(identity(key));
    expect(identity(key).key).toBe('deploy/7');
    expect(identity(key).name).toMatch(/^offshoot-[0-9a-f]{12}$/);
  });

  it("do not grow from sibling to sibling's sibling", () => {
    let self = selfWith();
    for (let generation = 0; generation < 3; generation++) {
      const { key, name } = identity({}, self);
      expect(name).toMatch(/^web-[0-9a-f]{12}$/);
      self = { ...selfWith([], name), id: `generation-${generation}`, labels: { [label.key]: key } };
    }
  });
});

describe('what is asked of the engine', () => {
  it('names self by its id, and another image as it was asked for', () => {
    const self = selfWith();
    const image: ImageRecord = { id: self.image.id, digests: [], config: undefined };
    const ofSelf = requestOf({ plan: planOf({ OFFSHOOT_IMAGE: 'self' }), self, selfImage: image, image });
    expect(ofSelf.spec.image).toBe(self.image.id);
    expect(requestOf({ plan: planOf({}), self, selfImage: image, image: other }).spec.image).toBe('other:1');
  });

  it('empties control variables that are baked into our own image, so that a sibling does not launch for ever', () => {
    const env = ['PATH=/bin', 'OFFSHOOT_IMAGE=self', 'OFFSHOOT_COMPAT=waitdaemon'];
    const self = selfWith(env);
    const image: ImageRecord = { id: self.image.id, digests: [], config: { env } };
    const { spec } = requestOf({ plan: planOf({ OFFSHOOT_IMAGE: 'self' }), self, selfImage: image, image });
    expect(spec.env).toEqual(['PATH=/bin', 'OFFSHOOT_IMAGE=', 'OFFSHOOT_COMPAT=']);
    const unknown = { ...image, config: undefined };
    const blind = requestOf({ plan: planOf({ OFFSHOOT_IMAGE: 'self' }), self, selfImage: undefined, image: unknown });
    expect(blind.spec.env).toEqual(spec.env);
  });

  it('is explained without the value of any variable', () => {
    const plan = planOf({
      OFFSHOOT_ENV_TOKEN: 'canary',
      OFFSHOOT_OVERRIDE: '{"Labels":{"x":"canary"}}',
      OFFSHOOT_DELAY: '90',
    });
    const self = selfWith(['SECRET=canary']);
    const request = requestOf({ plan, self, image: other });
    const found = { record: self, evidence: ['e'], proof: 'p', refused: [] };
    const prepared = { plan, self: found, selfImage: undefined, found: undefined, request, notes: [] };
    const explanation = explain(prepared);
    expect(JSON.stringify(explanation)).not.toContain('canary');
    expect(explanation).toMatchObject({
      name: request.spec.name,
      imageId: null,
      pull: 'needed',
      start: 'after 1m30s, by a waiter',
    });
    expect(explanation.settings).toEqual(
      expect.arrayContaining([
        { setting: 'env SECRET', origin: 'self' },
        { setting: 'env TOKEN', origin: 'OFFSHOOT_ENV_TOKEN' },
        { setting: 'Labels', origin: 'OFFSHOOT_OVERRIDE' },
      ]),
    );
    expect(explain(prepared, { showValues: true }).settings).toEqual(
      expect.arrayContaining([{ setting: 'env SECRET', value: 'canary', origin: 'self' }]),
    );
  });
});

it.each<[Record<string, string>, string]>([
  [{}, 'at once'],
  [{ OFFSHOOT_WHEN: 'exited:self' }, 'when exited:self (removed when that takes longer than 10m), by a waiter'],
  [
    { OFFSHOOT_DELAY: '5', OFFSHOOT_WHEN: 'tcp:db:1,exited:x1', OFFSHOOT_WHEN_ELSE: 'launch' },
    'after 5s, and then when tcp:db:1 and exited:x1 (after 10m at the latest), by a waiter',
  ],
  [{ OFFSHOOT_ATTACH: '1', OFFSHOOT_DELAY: '5' }, 'after 5s, by the launcher, which stays'],
])('an explanation says when it is started: %o', (env, start) => {
  const [plan, self] = [planOf(env), selfWith()];
  const request = requestOf({ plan, self, image: other });
  const found = { record: self, proof: 'p', evidence: [], refused: [] } as const;
  const prepared = { plan, self: found, selfImage: undefined, found: undefined, request, notes: [] };
  expect(explain(prepared as unknown as Parameters<typeof explain>[0]).start).toBe(start);
});

it('a waiter is told its duty, and has nothing of self', () => {
  const self = selfWith(['SECRET=canary']);
  const deadline = { uptimeMs: 12_345_678, bootId: 'boot', at: new Date('2026-01-02T03:04:05Z') };
  const task = readTask(undefined);
  const waiting = { settings: { mounts: [] } };
  const runtime = fakeContainers();
  const spec = waiterSpec({ sibling: { id: 'id', name: 'app' }, deadline, task, waiting, key: 'k', self, runtime });
  expect(JSON.stringify(spec)).not.toContain('canary');
  const env = Object.fromEntries((spec.env ?? []).map((entry) => entry.split('=', 2)));
  expect(readDuty(env)).toEqual({ sibling: 'id', name: 'app-waiter', deadlineMs: 12_345_680, bootId: 'boot' });
  expect(spec).toMatchObject({
    name: 'app-waiter',
    image: self.image.id,
    networkMode: 'none',
    restartPolicy: { name: 'on-failure', maximumRetryCount: 5 },
  });
  expect(spec.privileged).toBeUndefined();
  expect(env).toMatchObject({ DOCKER_HOST: 'x' });
});
