import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OffshootEvent } from '../../../src/events.ts';
import { type Credentials, credentialsFor } from '../../../src/registry/credentials.ts';
import { failureOf, never, promptFailureOf } from '../../support/runtime.ts';

const secret = 'canary-of-a-password';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'offshoot-logins-'));
  mkdirSync(join(dir, '.docker'));
  mkdirSync(join(dir, 'bin'));
  return () => rmSync(dir, { recursive: true });
});

/** A real program of that name. */
function helper(name: string, script: string): void {
  writeFileSync(join(dir, 'bin', `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const auth = (password: string): object => ({ auth: Buffer.from(`u:${password}`).toString('base64') });
const atHome = (config: unknown): void => writeFileSync(join(dir, '.docker/config.json'), JSON.stringify(config));

interface Found extends Credentials {
  readonly warnings: readonly string[];
}

async function find(reference: string, env: Record<string, string> = {}, signal = never): Promise<Found> {
  const events: OffshootEvent[] = [];
  const found = await credentialsFor(reference, {
    env: { HOME: dir, PATH: `${join(dir, 'bin')}:/usr/bin:/bin`, ...env },
    signal,
    report: (event) => void events.push(event),
    helperTimeoutMs: 500,
  });
  expect(JSON.stringify(events)).not.toContain(secret);
  return { ...found, warnings: events.map(({ message }) => message) };
}

describe('a login is looked for', () => {
  it('in DOCKER_AUTH_CONFIG, then at home', async () => {
    atHome({ auths: { 'a.io': auth('home'), 'b.io': auth('home') } });
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'a.io': auth('variable') } }) };
    const home = join(dir, '.docker/config.json');
    expect(await find('a.io/x', env)).toMatchObject({
      registry: 'a.io',
      source: 'DOCKER_AUTH_CONFIG',
      auth: { serverAddress: 'a.io', username: 'u', password: 'variable' },
    });
    expect(await find('b.io/x', env)).toMatchObject({ source: home, auth: { password: 'home' } });
    expect(await find('c.io/x', env)).toMatchObject({
      source: undefined,
      auth: undefined,
      looked: ['DOCKER_AUTH_CONFIG', home],
    });
  });

  it('in DOCKER_CONFIG in place of home, also where there is none in it', async () => {
    atHome({ auths: { 'a.io': auth('home') } });
    mkdirSync(join(dir, 'other'));
    const env = { DOCKER_CONFIG: join(dir, 'other') };
    expect(await find('a.io/x', env)).toMatchObject({ auth: undefined, looked: [join(dir, 'other/config.json')] });
    writeFileSync(join(dir, 'other/config.json'), JSON.stringify({ auths: { 'a.io': auth('other') } }));
    expect(await find('a.io/x', env)).toMatchObject({ auth: { password: 'other' } });
  });

  it('in the file that DOCKER_AUTH_CONFIG_FILE names', async () => {
    const file = join(dir, 'secret.json');
    writeFileSync(file, JSON.stringify({ auths: { 'a.io': auth('file') } }));
    expect(await find('a.io/x', { DOCKER_AUTH_CONFIG_FILE: file })).toMatchObject({
      source: `${file} (DOCKER_AUTH_CONFIG_FILE)`,
      auth: { password: 'file' },
    });
  });

  it('nowhere without any', async () => {
    expect(await find('alpine')).toMatchObject({ registry: 'docker.io', auth: undefined, warnings: [] });
  });

  it('for Docker Hub by its old name', async () => {
    atHome({ auths: { 'https://index.docker.io/v1/': auth('hub') } });
    for (const reference of ['alpine', 'docker.io/team/x', 'index.docker.io/team/x'])
      expect(await find(reference)).toMatchObject({
        auth: { serverAddress: 'https://index.docker.io/v1/', password: 'hub' },
      });
    expect((await find('registry-1.docker.io/library/alpine')).auth).toBeUndefined();
  });

  it.each(['evil.com/a.io/x', 'a.io.evil.com/x', 'evil-a.io/x', 'A.io/x', 'a.io:443/x', 'a.i/x', 'a.io-x/x', 'x/a.io'])(
    'for a.io, and not for %s',
    async (reference) => {
      atHome({ auths: { 'a.io': auth('a') } });
      expect((await find(reference)).auth).toBeUndefined();
    },
  );
});

describe('what cannot be read', () => {
  it.each<[what: string, text: string, warning: string]>([
    ['no JSON', `{"auths": ${secret}`, 'it is no JSON; they do not count'],
    ['no object', `["${secret}"]`, 'it is no JSON object; they do not count'],
    [
      'a bad auth',
      `{"auths":{"a.io":{"auth":"${secret}!"}}}`,
      'an auth is not user:password in base64; it is left alone',
    ],
  ])('is told once, without its text: %s', async (_, text, warning) => {
    atHome({ auths: { 'a.io': auth('home') } });
    const { warnings, source } = await find('a.io/x', { DOCKER_AUTH_CONFIG: text });
    expect(warnings).toEqual([`logins in DOCKER_AUTH_CONFIG: ${warning}`]);
    expect(source).toBe(join(dir, '.docker/config.json'));
  });

  it('is told once: a folder, a file that is not there', async () => {
    mkdirSync(join(dir, '.docker/config.json'));
    const missing = join(dir, 'nope');
    const { warnings, auth: found } = await find('a.io/x', { DOCKER_AUTH_CONFIG_FILE: missing });
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      `logins in ${missing} (DOCKER_AUTH_CONFIG_FILE): it cannot be read (ENOENT); they do not count`,
      `logins in ${join(dir, '.docker/config.json')}: it cannot be read (EISDIR); they do not count`,
    ]);
  });
});

describe('a credential helper', () => {
  it('is asked for the registry on its input, and gives a login', async () => {
    helper('own', `read -r server; printf '{"ServerURL":"x","Username":"%s %s","Secret":"s"}' "$1" "$server"`);
    atHome({ credHelpers: { 'a.io': 'own' } });
    expect(await find('a.io/x')).toMatchObject({
      source: `docker-credential-own (${join(dir, '.docker/config.json')})`,
      auth: { serverAddress: 'a.io', username: 'get a.io', password: 's' },
      warnings: [],
    });
  });

  it('gives an identity token', async () => {
    helper('own', `echo '{"ServerURL":"a.io","Username":"<token>","Secret":"t"}'`);
    atHome({ credsStore: 'own' });
    expect((await find('a.io/x')).auth).toEqual({ serverAddress: 'a.io', identityToken: 't' });
  });

  it('of the registry counts before the one for all, and that before the file', async () => {
    helper('one', `echo '{"Username":"one","Secret":"s"}'`);
    helper('all', `read -r server; [ "$server" != c.io ] && echo '{"Username":"all","Secret":"s"}'`);
    const entries = { 'a.io': auth('file'), 'b.io': auth('file'), 'c.io': auth('file') };
    atHome({ credHelpers: { 'https://a.io/v2/': 'one' }, credsStore: 'all', auths: entries });
    expect((await find('a.io/x')).auth).toMatchObject({ username: 'one' });
    expect((await find('b.io/x')).auth).toMatchObject({ username: 'all' });
    const { auth: last, warnings } = await find('c.io/x');
    expect(last).toMatchObject({ password: 'file' });
    expect(warnings).toEqual(['docker-credential-all gives no login: it failed with status 1']);
  });

  it('that has none is no fault', async () => {
    helper('own', 'echo "credentials not found in native keychain"; exit 1');
    atHome({ credsStore: 'own' });
    expect(await find('a.io/x')).toMatchObject({ auth: undefined, warnings: [] });
  });

  it.each<[what: string, script: string | undefined, says: string]>([
    ['is missing', undefined, 'it is not in PATH'],
    ['fails', `echo ${secret}; echo ${secret} >&2; exit 3`, 'it failed with status 3'],
    ['answers something else', `echo '{"token":"${secret}"}'`, 'its answer is not that of a credential helper'],
    ['answers no JSON', `echo ${secret}`, 'its answer is not that of a credential helper'],
    ['answers nothing', 'true', 'its answer is not that of a credential helper'],
    ['hangs', 'sleep 1000', 'it did not answer within 0.5 s'],
    ['leaves somebody behind who hangs', 'sleep 1000 & sleep 1000', 'it did not answer within 0.5 s'],
  ])('that %s stops nothing, and is told once', async (_, script, says) => {
    if (script !== undefined) helper('own', script);
    atHome({ credsStore: 'own' });
    const { auth: found, warnings } = await find('a.io/x');
    expect(found).toBeUndefined();
    expect(warnings).toEqual([`docker-credential-own gives no login: ${says}`]);
  });

  it('ends when we do, with all that it has started', async () => {
    const mark = join(dir, 'still-there');
    helper('own', `(sleep 0.4; touch ${mark}) & sleep 1000`);
    atHome({ credsStore: 'own' });
    const controller = new AbortController();
    const work = find('a.io/x', {}, controller.signal);
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 100);
    expect(await failureOf(work)).toBe(reason);
    await sleep(600);
    expect(existsSync(mark)).toBe(false);
    expect(await promptFailureOf(find('a.io/x', {}, AbortSignal.abort(reason)))).toBe(reason);
  });
});
