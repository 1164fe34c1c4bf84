import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/plan/duration.ts';
import { inheritAll } from '../../../src/plan/inherit.ts';
import { parsePlan, type Plan } from '../../../src/plan/plan.ts';

const now = new Date('2026-01-01T00:00:00Z');

function plan(env: Record<string, string>, rest: Partial<Parameters<typeof parsePlan>[0]> = {}): Plan {
  return parsePlan({ env, now, readFile: () => '', ...rest });
}

describe('parsePlan', () => {
  it('has its defaults', () => {
    expect(plan({ OFFSHOOT_IMAGE: 'alpine' })).toMatchObject({
      image: 'alpine',
      command: undefined,
      entrypoint: undefined,
      start: { afterMs: 0 },
      runtime: 'auto',
      pull: 'missing',
      pullTimeoutMs: 900_000,
      inherit: inheritAll,
      env: [],
      dropEnv: [],
      keepEnv: undefined,
      networks: [],
      publish: [],
      mounts: [],
      labels: {},
      restart: undefined,
      when: [],
      whenTimeoutMs: 600_000,
      whenElse: 'abort',
      ready: { is: 'started' },
      readyTimeoutMs: 60_000,
      statusFile: undefined,
      autoRemove: false,
      attach: false,
      dryRun: false,
    });
  });

  it.each([
    ['OFFSHOOT_COMMAND', 'echo "a b" c', { command: ['echo', 'a b', 'c'] }],
    ['OFFSHOOT_COMMAND', String.raw`echo $HOME \$x '*'`, { command: ['echo', '$HOME', '$x', '*'] }],
    ['OFFSHOOT_COMMAND', '["echo", "a b", ""]', { command: ['echo', 'a b', ''] }],
    ['OFFSHOOT_ENTRYPOINT', '[]', { entrypoint: [] }],
    ['OFFSHOOT_DELAY', '1m30s', { start: { afterMs: 90_000 } }],
    ['OFFSHOOT_AT', '2030-01-01T01:00:00+01:00', { start: { at: new Date('2030-01-01T00:00:00Z') } }],
    ['OFFSHOOT_WHEN_TIMEOUT', '1h', { whenTimeoutMs: 3_600_000 }],
    ['OFFSHOOT_WHEN_ELSE', 'launch', { whenElse: 'launch' }],
    ['OFFSHOOT_READY', 'exited:3', { ready: { is: 'exited', exitCode: 3 } }],
    ['OFFSHOOT_READY_TIMEOUT', '5', { readyTimeoutMs: 5_000 }],
    ['OFFSHOOT_STATUS_FILE', './out/..status', { statusFile: './out/..status' }],
    ['OFFSHOOT_ATTACH', 'YES', { attach: true }],
    ['OFFSHOOT_ATTACH', '0', { attach: false }],
    ['OFFSHOOT_OVERRIDE', '{"HostConfig":null}', { override: { HostConfig: null } }],
    ['OFFSHOOT_DROP_ENV', 'AWS_*,*_TOKEN', { dropEnv: ['AWS_*', '*_TOKEN'] }],
    ['OFFSHOOT_DROP_ENV', 'A, {B,C}_* ,D\n[X-Z]*', { dropEnv: ['A', '{B,C}_*', 'D', '[X-Z]*'] }],
    ['OFFSHOOT_DROP_ENV', '[A-C]*', { dropEnv: ['[A-C]*'] }],
    ['OFFSHOOT_DROP_ENV', "'A*' B", { dropEnv: ['A*', 'B'] }],
    ['OFFSHOOT_KEEP_ENV', '["A*", "B"]', { keepEnv: ['A*', 'B'] }],
    ['OFFSHOOT_KEEP_ENV', '[]', { keepEnv: [] }],
    ['OFFSHOOT_LABEL', 'a=1 "b=x y" c= d=e=f', { labels: { a: '1', b: 'x y', c: '', d: 'e=f' } }],
    ['OFFSHOOT_LABEL', '["a=b c"]', { labels: { a: 'b c' } }],
    ['OFFSHOOT_LABEL', '[]', { labels: {} }],
    ['OFFSHOOT_NETWORK', 'front back', { networks: [{ name: 'front' }, { name: 'back' }] }],
    ['OFFSHOOT_PUBLISH', '80 443', { publish: [{ containerPort: '80/tcp' }, { containerPort: '443/tcp' }] }],
    ['OFFSHOOT_PUBLISH', '[::1]:80:80', { publish: [{ containerPort: '80/tcp', hostIp: '::1', hostPort: '80' }] }],
    ['OFFSHOOT_MOUNT', `'type=bind,"source=/a,b",target=/c'`, { mounts: [{ source: '/a,b', target: '/c' }] }],
    ['OFFSHOOT_MOUNT', '/a:/b cache:/c', { mounts: [{ source: '/a' }, { source: 'cache' }] }],
    ['OFFSHOOT_RESTART', 'on-failure:3', { restart: { name: 'on-failure', maximumRetryCount: 3 } }],
    ['OFFSHOOT_RESTART', 'on-failure', { restart: { name: 'on-failure' } }],
    ['OFFSHOOT_RESTART', 'unless-stopped', { restart: { name: 'unless-stopped' } }],
    ['OFFSHOOT_RESTART', 'no', { restart: { name: 'no' } }],
    ['OFFSHOOT_AUTO_REMOVE', 'true', { autoRemove: true }],
    ['OFFSHOOT_INHERIT', 'none', { inherit: { groups: [], safe: false, command: false } }],
    ['OFFSHOOT_INHERIT', 'env, mounts', { inherit: { groups: ['env', 'mounts'], safe: false, command: true } }],
    ['OFFSHOOT_ENV_GREETING', 'hi=there', { env: ['GREETING=hi=there'] }],
    ['OFFSHOOT_ENV_EMPTY', '', { env: ['EMPTY='] }],
  ])('reads %s=%s', (name, text, expected) => {
    expect(plan({ OFFSHOOT_IMAGE: 'alpine', [name]: text })).toMatchObject(expected);
  });

  it.each([
    'self',
    'alpine',
    'alpine:3.20',
    'ghcr.io/owner/name:v1.2_3-x',
    'localhost:5000/a/b__c/d-e',
    '[::1]:5000/name',
    `alpine@sha256:${'0'.repeat(64)}`,
    `alpine:3@sha256:${'f'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}`,
    'b'.repeat(64),
  ])('takes the image %s', (image) => {
    expect(plan({ OFFSHOOT_IMAGE: image }).image).toBe(image);
  });

  it('lets a flag win over its variable, and a variable over nothing', () => {
    const env = { OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_PULL: 'always', OFFSHOOT_DELAY: 'not looked at' };
    expect(plan(env, { flags: { pull: 'never', delay: '1' } })).toMatchObject({
      pull: 'never',
      start: { afterMs: 1000 },
    });
  });

  it('takes every occurrence of a flag as one item, as it is', () => {
    const flags = {
      label: ['a=b c', 'j=["x"]', "q='"],
      mount: ['/with space:/a', '/data'],
      dropEnv: ['A*', 'B*,C*'],
      publish: [],
    };
    const env = { OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_LABEL: 'not=looked at', OFFSHOOT_PUBLISH: '80' };
    expect(plan(env, { flags })).toMatchObject({
      labels: { a: 'b c', j: '["x"]', q: "'" },
      mounts: [{ source: '/with space', target: '/a' }, { target: '/data' }],
      dropEnv: ['A*', 'B*', 'C*'],
      publish: [],
    });
  });

  it('reads a list from a file, a line for each item', () => {
    const readFile = (): string => 'a=1\nb=2\n';
    expect(plan({ OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_LABEL_FILE: '/labels' }, { readFile }).labels).toEqual({
      a: '1',
      b: '2',
    });
  });

  it('takes the words after -- as the command', () => {
    const env = { OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_COMMAND: 'not this' };
    expect(plan(env, { command: ['this', '1.10'] }).command).toEqual(['this', '1.10']);
  });

  it('reads a variable from the file that …_FILE names, without its last newline', () => {
    const files: Record<string, string> = { '/run/secrets/image': 'alpine:3\n' };
    const readFile = (path: string): string => files[path] ?? '';
    expect(plan({ OFFSHOOT_IMAGE_FILE: '/run/secrets/image' }, { readFile }).image).toBe('alpine:3');
  });

  it('names the file that cannot be read', () => {
    const readFile = (): string => {
      throw new Error('ENOENT');
    };
    expect(() => plan({ OFFSHOOT_IMAGE_FILE: '/gone' }, { readFile })).toThrow(
      'OFFSHOOT_IMAGE_FILE: "/gone" cannot be read: ENOENT',
    );
  });
});

describe('as waitdaemon', () => {
  const compat = { OFFSHOOT_COMPAT: 'waitdaemon' };

  it('reads its variables, with its defaults', () => {
    expect(plan({ ...compat, IMAGE: 'alpine' })).toMatchObject({
      image: 'alpine',
      start: { afterMs: 10_000 },
      runtime: 'auto',
    });
    const env = {
      ...compat,
      IMAGE: 'alpine',
      WAIT_SECONDS: '3',
      CONTAINER_RUNTIME: 'docker',
      NERDCTL_NAMESPACE: 'x',
      NERDCTL_HOST: 'no',
    };
    expect(plan(env)).toMatchObject({ start: { afterMs: 3000 }, runtime: 'docker' });
  });

  it.each(['ten', '1.5', '-1', '10s', '1m', ' '])('refuses WAIT_SECONDS=%j', (seconds) => {
    expect(() => plan({ ...compat, IMAGE: 'alpine', WAIT_SECONDS: seconds })).toThrow(
      /WAIT_SECONDS: .*whole number of seconds/,
    );
  });

  it('says that IMAGE is missing', () => {
    expect(() => plan(compat)).toThrow('IMAGE: is not set');
    expect(() => plan({ ...compat, IMAGE: '' })).toThrow('IMAGE: is not set');
  });

  it('leaves its variables alone where it is not asked for', () => {
    expect(plan({ OFFSHOOT_IMAGE: 'alpine', IMAGE: 'X', WAIT_SECONDS: 'x' })).toMatchObject({
      image: 'alpine',
      start: { afterMs: 0 },
    });
  });
});

describe('durations', () => {
  it.each([
    ['10', 10_000],
    ['0', 0],
    ['1.5', 1_500],
    ['500ms', 500],
    ['1h2m3s4ms', 3_723_004],
    ['0.5h', 1_800_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('are read back as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 * 24 * 3_600_000 }), (ms) => parseDuration(formatDuration(ms)) === ms),
    );
  });

  it('are numbers or refused, never something else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          return Number.isSafeInteger(parseDuration(text)) && parseDuration(text) >= 0;
        } catch (error) {
          return error instanceof Error;
        }
      }),
    );
  });
});

it('two commands are a mistake, while the words after -- win over the variable', () => {
  const input = { env: { OFFSHOOT_IMAGE: 'a', OFFSHOOT_COMMAND: 'b' }, now: new Date(), readFile: () => '' };
  expect(parsePlan({ ...input, command: ['c'] }).command).toEqual(['c']);
  expect(() => parsePlan({ ...input, flags: { command: 'd' }, command: ['c'] })).toThrow(
    '--command: the words after -- are a command as well; expected one of the two',
  );
});
