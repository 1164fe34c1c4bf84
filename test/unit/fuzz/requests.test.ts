import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCredentials } from '../../../src/credentials.ts';
import { readDuty } from '../../../src/launch/duty.ts';
import { parseCommandLine } from '../../../src/plan/argv.ts';
import { parseFindingSelf } from '../../../src/plan/finding-self.ts';
import { fullRepository, parseReference } from '../../../src/plan/reference.ts';
import { parsePlan } from '../../../src/plan/plan.ts';
import { requestKeys, variables } from '../../../src/plan/variables.ts';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import { parseEndpoint } from '../../../src/runtime/docker/wire/endpoint.ts';
import { checkedRequest } from '../../../src/runtime/nerdctl/create/create.ts';
import { canary, given, mutated, mutations, runs, seed, textOf } from './garbage.ts';

const good = [
  ...['alpine:3', 'ghcr.io/a/b@sha256:0', '1m30s', '2030-01-01T00:00:00Z', 'all,-env', 'A*,{B,C}', '[::1]:80:80/udp'],
  ...['name=a,alias=b,ip=10.0.0.1', 'type=bind,source=/a,target=/b,ro', './a:/b:ro,rslave', 'container:web', 'a=b c=d'],
  ...['["a","b"]', `sh -c 'a "b"'`, '{"HostConfig":{"Binds":["/a:/b"]}}', 'on-failure:3', 'true', 'docker', 'tcp:a:1'],
];
const text = textOf(...good);
const names = [
  ...requestKeys.flatMap((key) => [variables[key].name, `${variables[key].name}_FILE`]),
  ...['OFFSHOOT_ENV_A', 'OFFSHOOT_ENV_', 'OFFSHOOT_COMPAT', 'OFFSHOOT_BOGUS', 'IMAGE', 'WAIT_SECONDS'],
  ...['CONTAINER_RUNTIME', 'NERDCTL_NAMESPACE', 'NERDCTL_HOST', 'PATH', '__proto__', 'constructor'],
];
const env = fc.dictionary(fc.constantFrom(...names), fc.oneof(text, fc.constant(canary)), { maxKeys: 6 });
const now = new Date('2026-01-01T00:00:00Z');

describe(`strangers' requests, seed ${seed}`, { timeout: 60_000 }, () => {
  it('variables and the files that they name', () => {
    fc.assert(
      fc.property(env, text, (asked, file) => {
        const secret = { ...asked, OFFSHOOT_ENV_TOKEN: canary, OFFSHOOT_LABEL: `token=${canary}` };
        const input = {
          env: { ...secret, OFFSHOOT_COMPAT: asked['OFFSHOOT_COMPAT'] === 'x' ? 'waitdaemon' : '' },
          now,
        };
        const plan = onlyShown(asked, () => parsePlan({ ...input, readFile: () => file }));
        if (plan !== undefined) expect(typeof plan.image).toBe('string');
        onlyShown(asked, () => parseFindingSelf({ ...input, readFile: () => file }));
        given(() => readDuty(asked));
      }),
      runs(600),
    );
  });

  it('command lines', () => {
    const word = fc.oneof(
      fc.constantFrom('launch', 'plan', 'self', 'path', '--', '--image', '--delay=1', '--no-attach', '-e', '--label'),
      text,
      fc.constant(`TOKEN=${canary}`),
      fc.constant(`https://user:${canary}@host/x`),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        const line = given(() => parseCommandLine(argv));
        if (line === undefined || line.verb !== 'launch') return;
        const { flags, command } = line;
        given(() => parsePlan({ env: {}, flags: { ...flags, image: 'a:1' }, command, now, readFile: () => '' }));
      }),
      runs(600),
    );
  });

  it('image references, which mean one image or none', () => {
    fc.assert(
      fc.property(text, (reference) => {
        let parsed;
        try {
          parsed = parseReference(reference);
        } catch (error) {
          expect(error).toMatchObject({ message: expect.stringContaining('expected an image') });
          return;
        }
        const { repository, tag, digest } = parsed;
        expect(reference).toBe(repository + (tag ? `:${tag}` : '') + (digest ? `@${digest}` : ''));
        const full = fullRepository(parsed);
        expect(fullRepository(parseReference(full))).toBe(full);
      }),
      runs(600),
    );
  });

  it.each(['a', 'a-', 'a.', '/a', ':', '@', '=', '%', 'a:', 'http://', '"', ' ', '[', '{', '\\', ','])(
    'a hundred thousand times %j takes no time',
    (part) => {
      const long = part.repeat(100_000 / part.length);
      const plans = requestKeys.map((key) =>
        given(() => parsePlan({ env: { [variables[key].name]: long }, now, readFile: String })),
      );
      // Without an image none of them is a plan: what counts is that each has come to its end.
      expect(plans.every((plan) => plan === undefined || plan.image === long)).toBe(true);
      expect(given(() => parseCommandLine(['launch', long, long]))).toBeUndefined();
      expect(withoutCredentials(`https://${long}@${long}`)).not.toHaveLength(0);
    },
    60_000,
  );

  it('policies', () => {
    const policy = {
      images: ['alpine:3', 'self', 'ghcr.io/a/b:*'],
      requireDigest: true,
      inherit: 'safe',
      mounts: [{ path: '/srv', readOnly: true }, { volume: 'cache' }],
      engineSocket: false,
      runtimes: ['docker'],
      networks: ['none'],
      publish: false,
      env: ['A*'],
      override: false,
    };
    fc.assert(
      fc.property(mutations, fc.oneof(text, fc.json()), (changes, other) => {
        const changed = mutated(policy, changes);
        const parsed = given(() => parsePolicy(JSON.stringify(changed) ?? '', '/policy.json'));
        // Whatever is understood says what was there: no rule is lost.
        if (parsed !== undefined) {
          const said = changed as Partial<typeof policy>;
          expect(parsed.images?.map((rule) => rule.text)).toEqual(said.images);
          expect(parsed.mounts).toEqual(said.mounts);
          expect(parsed.override).toBe(said.override ?? false);
          expect(parsed.publish).toBe(said.publish ?? true);
        }
        const garbage = given(() => parsePolicy(other, '/policy.json'));
        if (garbage !== undefined) expect(Object.keys(JSON.parse(other) as object)).toEqual([]);
      }),
      runs(500),
    );
  });

  it('overrides', () => {
    const override = {
      Env: [`TOKEN=${canary}`],
      Labels: { token: canary },
      Healthcheck: { Test: ['CMD', canary], Interval: 1 },
      ExposedPorts: { '80/tcp': {} },
      HostConfig: {
        Binds: ['/a:/b'],
        Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', BindOptions: { Propagation: 'rslave' } }],
        PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '80' }] },
        Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/a' }],
        LogConfig: { Type: 'json-file', Config: { token: canary } },
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 1 }],
        RestartPolicy: { Name: 'no' },
        Memory: 1,
        Privileged: true,
      },
      NetworkingConfig: { EndpointsConfig: { front: { Aliases: ['a'], DriverOpts: { a: canary } } } },
    };
    const abilities = { cgroup: 2 } as unknown as Parameters<typeof checkedRequest>[1];
    fc.assert(
      fc.property(mutations, (changes) => {
        const changed = mutated(override, changes);
        if (typeof changed !== 'object' || changed === null || Array.isArray(changed)) return;
        const spec = { name: 'a', image: 'a:1', env: [`B=${canary}`], override: { ...changed } };
        const request = given(() => createRequest(spec, '1.51'));
        if (request !== undefined) expect(request.overridden?.image).toBe('a:1');
        given(() => checkedRequest(spec, abilities));
      }),
      runs(150),
    );
  });

  it('addresses of engines, whose passwords nobody tells', () => {
    const address = fc.oneof(
      textOf('tcp://a:1', 'unix:///run/a.sock', 'ssh://a', 'http://[::1]:80'),
      text.map((rest) => `tcp://user:${canary}@${rest}`),
      text.map((rest) => `user:${canary}@${rest}`),
    );
    fc.assert(
      fc.property(address, (value) => {
        given(() => parseEndpoint({ DOCKER_HOST: value }));
      }),
      runs(500),
    );
  });
});

/** A value that is wrong is shown, unless it may be a secret: then the canary was no secret. */
function onlyShown<T>(asked: Readonly<Record<string, string>>, parse: () => T): T | undefined {
  const shownKeys = requestKeys.filter((key) => !variables[key].secret).map((key) => variables[key].name as string);
  const standsIn = ['IMAGE', 'WAIT_SECONDS', 'CONTAINER_RUNTIME', 'NERDCTL_NAMESPACE', 'NERDCTL_HOST'];
  const isShown = [...shownKeys, ...standsIn, ...shownKeys.map((name) => `${name}_FILE`)].some(
    (name) => asked[name] === canary,
  );
  if (!isShown) return given(parse);
  try {
    return parse();
  } catch {
    return undefined;
  }
}
