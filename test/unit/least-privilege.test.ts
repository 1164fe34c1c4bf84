import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/least-privilege.ts';

const docs = readFileSync(new URL('../../docs/least-privilege.md', import.meta.url), 'utf8');

type Methods = ReadonlyMap<string, RegExp>;

/** The blocks for wollomatic/socket-proxy: what can be needed at all, and what a plain launch needs. */
const [all, plain] = [...docs.matchAll(/^```\n(-allow[^]*?)^```/gm)].map(
  ([, block = '']): Methods =>
    new Map(
      [...block.matchAll(/^-allow([A-Z]+)=(.*)$/gm)].map(([, method = '', pattern]) => [
        method,
        // As it reads them.
        new RegExp(`^${pattern ?? ''}$`),
      ]),
    ),
);

const ofDocker = needs.flatMap(({ calls }) => calls).filter((call) => !call.includes('/libpod/'));
const ofPlain = needs
  .filter(({ feature }) => ['every launch', '`OFFSHOOT_DELAY`, `OFFSHOOT_AT`'].includes(feature))
  .flatMap(({ calls }) => calls);

function allows(methods: Methods | undefined, call: string, version: string): boolean {
  const [method = '', path = ''] = call.split(' ');
  const asked = path.replace('{id}', 'web_1.x-2').replace('{name}', 'registry:5000/team/app:1@sha256:00');
  return methods?.get(method)?.test(version + asked) ?? false;
}

describe.each(['', '/v1.41', '/v1.51'])('with "%s" before the path', (version) => {
  it.each(ofDocker)('the long list has %s', (call) => {
    expect(allows(all, call, version)).toBe(true);
  });

  it.each(ofDocker)('the short list has %s only where every launch or a later one needs it', (call) => {
    expect(allows(plain, call, version)).toBe(ofPlain.includes(call));
  });

  it.each([
    ...['GET /info', 'GET /events', 'GET /containers/{id}/export', 'GET /images/json', 'GET /volumes', 'GET /networks'],
    ...['POST /build', 'POST /containers/{id}/exec', 'POST /containers/{id}/stop', 'POST /images/{name}/push'],
    ...['DELETE /images/{name}', 'DELETE /volumes/{id}', 'DELETE /containers/{id}/x', 'PUT /containers/{id}/archive'],
  ])('no list has %s', (call) => {
    expect([allows(all, call, version), allows(plain, call, version)]).toEqual([false, false]);
  });
});
