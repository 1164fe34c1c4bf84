import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCredentials } from '../../../src/credentials.ts';
import type { ImageFailure } from '../../../src/errors.ts';
import { classifyPull, pullError } from '../../../src/runtime/pull-failure.ts';

const folder = new URL('../../fixtures/pulls/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((file) => {
    const words = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>;
    return Object.entries(words).map(([what, said]) => [file.replace('.json', ''), what, said] as const);
  });

/** `*`: may pass. By what was done, not by what was said of it. */
type Meaning = ImageFailure | `${ImageFailure}*`;
const byWhat: readonly (readonly [what: RegExp, meaning: Meaning])[] = [
  [/ 429$/, 'rate-limit'],
  [/ 40[13]$|^(?:basic|token) none$/, 'denied'],
  [/ 404$|^unknown (?:tag|name|digest)$/, 'not-found'],
  [/ (?:50\d|408|cut)$/, 'broken*'],
  [/^manifest alter$/, 'broken*'],
  [/ alter$/, 'digest'],
  [/^foreign$|^multi s390x$|another platform/, 'platform'],
  [/^x509$|^plain$/, 'network'],
  [/reset$|^refused$|^unreachable$|^no such host$|^servfail$|^mute|^no way to DNS$/, 'network*'],
  [/^no space/, 'no-space'],
];

/** Where an engine keeps to itself what happened. */
function expected(engine: string, what: string): Meaning | undefined {
  if (engine === 'docker-28.5' && /^html 40[48]$/.test(what)) return 'unknown';
  const isContainerd = engine === 'docker-28.5-containerd';
  if (isContainerd && /^(?:config|layer) (?:40[13]|429|50\d)$/.test(what)) return 'unknown*';
  if (isContainerd && what === 'manifest alter') return 'digest';
  return byWhat.find(([pattern]) => pattern.test(what))?.[1];
}

it('there are recordings of all engines', () => {
  expect(new Set(recorded.map(([engine]) => engine)).size).toBe(4);
  expect(recorded.length).toBeGreaterThan(180);
});

it.each(recorded)('%s, %s: %s', (engine, what, said) => {
  const { reason, temporary } = classifyPull(said, 'registry.example.com/team/app:1');
  expect(`${reason}${temporary ? '*' : ''}`).toBe(expected(engine, what));
});

describe('what was not recorded', () => {
  it.each<[said: string, meaning: Meaning]>([
    // Docker Hub, GitHub's registry and Amazon's.
    [
      'toomanyrequests: You have reached your pull rate limit. https://www.docker.com/increase-rate-limit',
      'rate-limit',
    ],
    ['toomanyrequests: retry-after: 59.000000ms, allowed: 44000/minute', 'rate-limit*'],
    ['pull access denied for x, repository does not exist or may require authorization', 'denied'],
    ['denied: Your authorization token has expired. Reauthenticate and try again.', 'denied'],
    ['Error: name unknown: The repository with name x does not exist in the registry', 'not-found'],
    ['requested access to the resource is denied', 'denied'],
    ['write /var/lib/docker/tmp/x: disk quota exceeded', 'no-space'],
    // Faults that only look like those of a registry.
    ['mkdir /var/lib/docker/tmp: permission denied', 'unknown'],
    ['error getting credentials - err: exec: "docker-credential-x": executable file not found in $PATH', 'unknown'],
    ['', 'unknown'],
  ])('%s', (said, meaning) => {
    const { reason, temporary } = classifyPull(said, 'x');
    expect(`${reason}${temporary ? '*' : ''}`).toBe(meaning);
  });
});

it.each([
  ['retry-after: 59.000000ms', 59],
  ['toomanyrequests: retry-after: 248.741µs, allowed: 44000/minute', 1],
  ['too many requests, retry after: 12s', 12_000],
  ['too many requests. Retry-After: 120', 120_000],
  ['too many requests, retry after 2m', 120_000],
  ['too many requests, retry later', undefined],
  ['toomanyrequests: 100 in 60s', undefined],
])('%s asks for a pause of %s ms', (said, pause) => {
  expect(classifyPull(`toomanyrequests: ${said}`, 'x').retryAfterMs).toBe(pause);
});

describe('names are no reasons', () => {
  it.each([
    'ghcr.io/denied/not-found:429',
    'toomanyrequests:no-space-left',
    '127.0.0.1:503/unauthorized/x509:1',
    `eof/unexpected@sha256:${'5'.repeat(64)}`,
  ])('%s', (reference) => {
    const repository = reference.replace(/@.*$|:[^:/]*$/, '');
    for (const said of [`cannot pull ${reference}`, `Get "https://${repository}/v2/": something new`])
      expect(classifyPull(said, reference).reason).toBe('unknown');
  });
});

it('any words have a meaning, and are repeated as they are', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (said, reference) => {
      const error = pullError(reference, said);
      expect(error.message).toBe(`${reference} cannot be pulled: ${withoutCredentials(said)}`);
      expect(error.exitStatus).toBe(66);
    }),
  );
});
