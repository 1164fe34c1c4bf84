import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOfKey, parseDockerConfig } from '../../../src/registry/config.ts';
import { registryOf } from '../../../src/plan/reference.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the registry of a reference', () => {
  it.each([
    ['alpine', 'docker.io'],
    ['alpine:3', 'docker.io'],
    ['library/alpine', 'docker.io'],
    ['docker.io/library/alpine', 'docker.io'],
    ['index.docker.io/library/alpine', 'docker.io'],
    ['registry-1.docker.io/library/alpine', 'registry-1.docker.io'],
    ['ghcr.io/a/b:1', 'ghcr.io'],
    ['ghcr.io:443/a/b', 'ghcr.io:443'],
    ['localhost/a', 'localhost'],
    ['localhost:5000/a', 'localhost:5000'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000'],
    ['[::1]:5000/a', '[::1]:5000'],
    ['team/ghcr.io', 'docker.io'],
    ['ghcr-io/a', 'docker.io'],
    ['GHCR.IO/a/b', 'GHCR.IO'],
    ['UPPER/a', 'UPPER'],
    ['evil.com/ghcr.io/a', 'evil.com'],
    ['ghcr.io.evil.com/a', 'ghcr.io.evil.com'],
    [`ghcr.io/a/b@sha256:${'a'.repeat(64)}`, 'ghcr.io'],
    [`ghcr.io/a/b:1@sha256:${'a'.repeat(64)}`, 'ghcr.io'],
  ])('%s is %s', (reference, host) => {
    expect(registryOf(reference)).toBe(host);
  });

  it.each([
    '',
    'alpine@',
    'ghcr.io/',
    '/a',
    'ghcr.іo/a',
    'user:pass@ghcr.io/a',
    'https://ghcr.io/a',
    'ghcr.io./a',
    'a b',
  ])('%j has none', (reference) => {
    expect(() => registryOf(reference)).toThrow('expected an image');
  });
});

describe('the registry of a key', () => {
  it.each([
    ['ghcr.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['http://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/', 'ghcr.io'],
    ['ghcr.io/', 'ghcr.io'],
    ['ghcr.io/v1/', 'ghcr.io'],
    ['https://ghcr.io/v1/', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['https://ghcr.io/v2', 'ghcr.io'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['https://registry-1.docker.io/v2/', 'registry-1.docker.io'],
    ['localhost:5000', 'localhost:5000'],
    ['http://localhost:5000/v2/', 'localhost:5000'],
    ['[::1]:5000', '[::1]:5000'],
    ['GHCR.IO', 'GHCR.IO'],
    // About no registry.
    ['', undefined],
    ['/', undefined],
    ['https://', undefined],
    ['https:///v1/', undefined],
    ['ghcr.io/owner', undefined],
    ['ghcr.io/v3/', undefined],
    ['ghcr.io/v1/owner', undefined],
    ['ghcr.io//', undefined],
    ['https://ghcr.io?x=y', undefined],
    ['https://ghcr.io#x', undefined],
    ['https://user:pass@ghcr.io', undefined],
    ['ghcr.io@evil.com', undefined],
    ['*.ghcr.io', undefined],
    ['ghcr.io.', undefined],
    ['.ghcr.io', undefined],
    [' ghcr.io', undefined],
    ['ghcr.io ', undefined],
    ['ghcr.io\n', undefined],
    ['ghcr.іo', undefined],
    ['ｇhcr.io', undefined],
    ['ghcr。io', undefined],
    ['ftp://ghcr.io', undefined],
    ['HTTPS://ghcr.io', undefined],
    ['ghcr.io:port', undefined],
    ['ghcr.io\\v1', undefined],
    ['__proto__', undefined],
  ])('%j is %s', (key, host) => {
    expect(hostOfKey(key)).toBe(host);
  });
});

const stored = (entry: object): unknown => {
  const { auths, problems } = parseDockerConfig(JSON.stringify({ auths: { 'r.io': entry } }));
  return problems.length > 0 ? problems : auths.get('r.io');
};

describe('a stored login', () => {
  const pair = { username: 'u', password: 'p' };
  it.each<[what: string, entry: object, login: unknown]>([
    ['user and password', { auth: base64('u:p') }, pair],
    ['a password with colons', { auth: base64('u:p:w:') }, { username: 'u', password: 'p:w:' }],
    ['a password that is not ASCII', { auth: base64('ü:pässwörd') }, { username: 'ü', password: 'pässwörd' }],
    ['a password filled with zeros', { auth: base64('u:p\0\0') }, pair],
    ['base64 without its padding', { auth: 'dTpw' }, pair],
    [
      'base64 for URLs',
      { auth: base64('u:???>>>').replaceAll('/', '_').replaceAll('+', '-') },
      { username: 'u', password: '???>>>' },
    ],
    ['base64 with line feeds', { auth: `${base64('u:p').slice(0, 2)}\n${base64('u:p').slice(2)}\n` }, pair],
    ['plain fields', { username: 'u', password: 'p' }, pair],
    ['auth before plain fields', { auth: base64('u:p'), username: 'x', password: 'y' }, pair],
    ['an identity token', { identitytoken: 't' }, { identityToken: 't' }],
    [
      'an identity token beside a name of zeros',
      { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 't' },
      { username: '00000000-0000-0000-0000-000000000000', identityToken: 't' },
    ],
    ['a registry token', { registrytoken: 't' }, { registryToken: 't' }],
    ['an e-mail beside it', { auth: base64('u:p'), email: 'a@b.c' }, pair],
    ['nothing', {}, undefined],
    ['an empty auth', { auth: '' }, undefined],
    ['null', { auth: null }, undefined],
    ['a name alone', { username: 'u' }, undefined],
    ['a password that is a number', { username: 'u', password: 1 }, undefined],
    ['an auth that is a number', { auth: 1 }, undefined],
    ['no colon', { auth: base64('secret') }, ['an auth is not user:password in base64']],
    ['no base64', { auth: 'sec!ret' }, ['an auth is not user:password in base64']],
  ])('%s', (_, entry, login) => {
    expect(stored(entry)).toEqual(login);
  });
});

describe('a config', () => {
  it.each<[what: string, json: string, problem: string]>([
    ['nothing', '', 'it is no JSON'],
    ['words', 'canary-secret', 'it is no JSON'],
    ['half of one', '{"auths":{"ghcr.io":{"auth":"canary', 'it is no JSON'],
    ['an array', '["canary"]', 'it is no JSON object'],
    ['null', 'null', 'it is no JSON object'],
    ['a string', '"canary"', 'it is no JSON object'],
    ['auths that are a list', '{"auths":["canary"]}', 'its auths is no object'],
    ['helpers that are a word', '{"credHelpers":"canary"}', 'its credHelpers is no object'],
  ])('of %s is refused without a word of it', (_, json, problem) => {
    expect(() => parseDockerConfig(json)).toThrow(new Error(problem));
  });

  it.each<[what: string, json: object, problem: string]>([
    ['an entry that is a word', { auths: { 'r.io': 'canary' } }, 'an entry of auths is no object'],
    [
      'a helper in another folder',
      { credHelpers: { 'r.io': '../canary' } },
      'an entry of credHelpers is not the name of a helper',
    ],
    [
      'a helper that is a number',
      { credHelpers: { 'r.io': 7 } },
      'an entry of credHelpers is not the name of a helper',
    ],
    ['a store with a blank', { credsStore: 'pass rm' }, 'credsStore is not the name of a helper'],
    ['a store that is a list', { credsStore: ['pass'] }, 'credsStore is not the name of a helper'],
  ])('keeps what it can beside %s', (_, json, problem) => {
    const good = { auths: { 'good.io': { auth: base64('u:p') } } };
    const config = parseDockerConfig(
      JSON.stringify({ ...json, auths: { ...good.auths, ...('auths' in json ? (json.auths as object) : {}) } }),
    );
    expect(config.problems).toEqual([problem]);
    expect([...config.auths.keys()]).toEqual(['good.io']);
    expect(config.credsStore).toBeUndefined();
  });

  it('has what is said of registries, and leaves the rest', () => {
    const json = {
      auths: { 'https://index.docker.io/v1/': { auth: base64('u:p') }, 'ghcr.io': {} },
      credHelpers: { 'https://public.ecr.aws/v2/': 'ecr-login', 'gcr.io': '' },
      credsStore: 'desktop',
      currentContext: 'x',
      HttpHeaders: { 'User-Agent': 'x' },
    };
    const config = parseDockerConfig(`\uFEFF${JSON.stringify(json)}`);
    expect([...config.auths]).toEqual([['docker.io', { username: 'u', password: 'p' }]]);
    expect([...config.credHelpers]).toEqual([['public.ecr.aws', 'ecr-login']]);
    expect(config).toMatchObject({ credsStore: 'desktop', problems: [] });
  });

  it.each([
    [['https://r.io/v1/', 'r.io', 'https://r.io'], 'r.io'],
    [['https://r.io/v1/', 'https://r.io'], 'https://r.io/v1/'],
  ])('of the keys %j for one registry takes %s', (keys, taken) => {
    const auths = Object.fromEntries(keys.map((key) => [key, { auth: base64(`u:${key}`) }]));
    expect(parseDockerConfig(JSON.stringify({ auths })).auths.get('r.io')?.password).toBe(taken);
  });
});

describe('whatever is written', () => {
  const hosts = fc.oneof(
    fc.domain(),
    fc.constantFrom('ghcr.io', 'docker.io', 'GHCR.IO', 'ghcr.io:443', 'ghcr.io.evil.com', 'localhost', 'ghcr.іo'),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  );
  const keys = fc
    .tuple(
      fc.constantFrom('', 'http://', 'https://'),
      hosts,
      fc.constantFrom('', '/', '/v1/', '/v2/', '/owner', '?', '@'),
    )
    .map((parts) => parts.join(''));

  it('a login goes to no other registry', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keys, { maxLength: 5 }), fc.array(hosts, { maxLength: 3 }), (names, others) => {
        const auths = Object.fromEntries(names.map((name) => [name, { auth: base64(`u:${name}`) }]));
        const config = parseDockerConfig(JSON.stringify({ auths }));
        for (const host of [...others, ...names, 'ghcr.io', 'docker.io']) {
          const from = config.auths.get(host)?.password;
          if (from === undefined) continue;
          const bare = from.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/)?$/, '');
          expect(bare === 'index.docker.io' ? 'docker.io' : bare).toBe(host);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('text of any kind is read, or refused without a word of it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ auths: value })),
        ),
        (json) => {
          try {
            parseDockerConfig(json);
          } catch (error) {
            expect((error as Error).message).toMatch(/^it is no JSON(?: object)?$|^its \w+ is no object$/);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
