import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeError, OffshootError } from '../../../src/errors.ts';
import { parseCommandLine } from '../../../src/plan/argv.ts';
import { parseFindingSelf } from '../../../src/plan/finding-self.ts';
import { parsePlan } from '../../../src/plan/plan.ts';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { parseEndpoint } from '../../../src/runtime/docker/wire/endpoint.ts';
import { fakeEngine } from '../../support/fake-engine.ts';
import { addresses, commandLines, ofWaitdaemon, policies, references, variables } from './bad-input.ts';

interface Case {
  readonly shown: string;
  readonly act: () => unknown;
}

const now = new Date('2026-01-01T00:00:00Z');
const readFile = (path: string): string => {
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
};
const planOf = (env: Readonly<Record<string, string>>): unknown => parsePlan({ env, now, readFile });
const short = (value: string): string => {
  const text = JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 60)}… (${value.length})` : text;
};

/** As the launcher takes it: the words, then what they ask for. */
function lineOf(argv: readonly string[]): unknown {
  const line = parseCommandLine(argv);
  if (line.verb === 'entrypoint' && line.words.length === 0) return planOf({});
  if (line.verb === 'self' || line.verb === 'path') return parseFindingSelf({ env: {}, flags: line.flags, readFile });
  if (line.verb === 'launch' || line.verb === 'plan')
    return parsePlan({ env: {}, flags: line.flags, command: line.command, now, readFile });
  return line;
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  'images, as a variable': references.map((text) => ({
    shown: `OFFSHOOT_IMAGE=${short(text)}`,
    act: () => planOf({ OFFSHOOT_IMAGE: text }),
  })),
  'other variables': variables.map(([name, value]) => ({
    shown: `${name}=${short(value)}`,
    act: () => planOf({ OFFSHOOT_IMAGE: 'alpine:3', [name]: value }),
  })),
  "waitdaemon's variables": ofWaitdaemon.map(([name, value]) => ({
    shown: `${name}=${short(value)}`,
    act: () => planOf({ OFFSHOOT_COMPAT: 'waitdaemon', IMAGE: 'alpine', [name]: value }),
  })),
  'command lines': commandLines.map((argv) => ({
    shown: `offshoot ${argv.map(short).join(' ')}`,
    act: () => lineOf(argv),
  })),
  policies: policies.map((text) => ({ shown: text, act: () => parsePolicy(text, '/etc/offshoot/policy.json') })),
  'addresses of engines': addresses.map((value) => ({
    shown: `DOCKER_HOST=${short(value)}`,
    act: () => parseEndpoint({ DOCKER_HOST: value }),
  })),
};

function told({ shown, act }: Case): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof OffshootError)) throw error;
    // Verbs come and go; which there are is not what this is about.
    const said = describeError(error).replace(/expected [a-z, ]+, (?=--help or --version)/, 'expected …, ');
    const lines = said.split('\n');
    return [`${error.exitStatus} ${shown}`, ...lines.map((line) => `     ${line}`)].join('\n');
  }
  return `accepted ${shown}`;
}

describe('bad input', () => {
  const all = Object.entries(cases).map(([title, list]) => ({ title, said: list.map(told) }));

  it('has one clear message each, and a status', async () => {
    const text = all.map(({ title, said }) => [`# ${title}`, '', ...said, ''].join('\n')).join('\n');
    await expect(text).toMatchFileSnapshot('bad-input.golden.txt');
  });

  it('is refused in more than three hundred cases, each with 64', () => {
    const said = all.flatMap((one) => one.said);
    expect(said.length).toBeGreaterThanOrEqual(300);
    expect(new Set(said.map((one) => one.split('\n')[0])).size).toBe(said.length);
    expect(said.filter((one) => !one.startsWith('64 '))).toEqual([]);
  });

  it('is not told where it may be a secret', () => {
    const messages = all.flatMap(({ said }) => said.map((one) => one.split('\n').slice(1).join('\n')));
    expect(messages.filter((one) => one.includes('hunter2'))).toEqual([]);
  });
});

describe('the built launcher', () => {
  const launcher = fileURLToPath(new URL('../../../dist/offshoot.js', import.meta.url));

  const asked: readonly [argv: string[], env: Record<string, string>][] = [
    [['launch', 'Alpine'], {}],
    [['launch', 'alpine@sha256:abc', '--delay', 'soon'], {}],
    [['launch', 'https://user:hunter2@host/alpine'], {}],
    [['launch', 'a', '-e', 'TOKEN=hunter2'], {}],
    [['plan', 'alpine', '--as', 'yaml'], {}],
    [['--bogus'], {}],
    [[], { OFFSHOOT_IMAGE: 'аlpine', OFFSHOOT_LOG: 'json' }],
    [[], { OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_OVERRIDE: '{"a":hunter2' }],
    [[], { OFFSHOOT_IMAGE: 'alpine', OFFSHOOT_BOGUS: 'hunter2' }],
  ];

  it('ends with 64 and one event, and asks the engine nothing', { timeout: 60_000 }, async () => {
    const engine = await fakeEngine(() => {});
    const ended = await Promise.all(asked.map(([argv, env]) => run(argv, { DOCKER_HOST: engine.host, ...env })));
    for (const { status, stdout, stderr } of ended) {
      expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
      expect(JSON.parse(stderr)).toMatchObject({ level: 'error', code: 'ERR_INVALID_REQUEST' });
      expect(stderr).not.toContain('hunter2');
    }
    expect(engine.requests).toEqual([]);
  });

  it('that crashes shows no request', { timeout: 60_000 }, async () => {
    const engine = await fakeEngine(() => {}); // It never answers, so that the launch is under way.
    const crash = `setTimeout(() => { throw Object.assign(new Error('boom'), {
      options: { headers: { 'X-Registry-Auth': 'hunter2' } }, body: { Env: ['A=hunter2'] }, cause: new Error('hunter2') }) }, 1000)`;
    const env = {
      DOCKER_HOST: engine.host,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
    };
    const { status, stdout, stderr } = await run(['launch', 'alpine'], env);
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', code: 'ERR_INTERNAL', message: 'boom' });
  });

  function run(argv: readonly string[], env: Record<string, string>) {
    return new Promise<{ status: number | string | null | undefined; stdout: string; stderr: string }>((resolve) => {
      const path = process.env['PATH'] ?? '';
      execFile(process.execPath, [launcher, ...argv], { env: { PATH: path, ...env } }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
      );
    });
  }
});
