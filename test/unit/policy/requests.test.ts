import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../src/policy/check-plan.ts';
import { checkRequest } from '../../../src/policy/check-request.ts';
import { withoutSocket } from '../../../src/policy/engine-socket.ts';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { recordOf } from '../../support/fake-containers.ts';
import { planUnder, policyOf } from './policies.ts';

/** What is said of a request, as Docker would be asked. */
function problemsOf(rules: object, settings: ContainerSettings, override?: object, runtime = 'docker'): string[] {
  const spec = { name: 'sibling', image: 'alpine:3', ...settings, ...(override && { override: { ...override } }) };
  const request = createRequest(spec, '1.51');
  const sockets = ['/somewhere/engine.sock'];
  return checkRequest({ policy: policyOf(rules), runtime, spec, request, sockets }).map(
    ({ rule, problem }) => `${rule}: ${problem}`,
  );
}

const mountsUnder = (...mounts: object[]) => ({ mounts });

describe('mounts', () => {
  const rules = mountsUnder({ path: '/srv/data' }, { path: '/etc/ssl', readOnly: true }, { volume: 'cache' });

  it.each<ContainerSettings>([
    {},
    { binds: ['/srv/data:/data', '/srv/data/sub:/sub:ro', '/srv/data/../data/:/x', 'cache:/cache', '/anonymous'] },
    { binds: ['/etc/ssl:/ssl:ro', '/etc/ssl/certs:/certs:ro,rslave'] },
    { mounts: [{ type: 'bind', source: '/srv/data', target: '/data' }] },
    { mounts: [{ type: 'volume', source: 'cache', target: '/data' }] },
    { mounts: [{ type: 'volume', target: '/data' }], volumes: ['/more'] },
    { mounts: [{ type: 'tmpfs', target: '/data' }], tmpfs: { '/tmp': '' } },
  ])('allows %j', (settings) => {
    expect(problemsOf(rules, settings)).toEqual([]);
  });

  it.each<[ContainerSettings, string]>([
    [{ binds: ['/srv:/data'] }, '/srv of the host may not be mounted'],
    [{ binds: ['/srv/database:/data'] }, '/srv/database of the host may not'],
    [{ binds: ['/srv/data/../../etc:/data'] }, '/srv/data/../../etc of the host may not'],
    [{ binds: ['/:/data'] }, '/ of the host may not'],
    [{ binds: ['//srv/data/..:/data'] }, '//srv/data/.. of the host may not'],
    [{ binds: ['/etc/ssl:/ssl'] }, '/etc/ssl of the host may only be mounted read-only'],
    [{ binds: ['/etc/ssl:/ssl:rw'] }, 'read-only'],
    [{ binds: ['cache2:/cache'] }, 'the volume cache2 may not'],
    [{ mounts: [{ type: 'bind', source: '/etc', target: '/data', readOnly: true }] }, '/etc of the host may not'],
    [{ mounts: [{ type: 'volume', source: 'other', target: '/data' }] }, 'the volume other may not'],
    [
      {
        mounts: [
          {
            type: 'volume',
            target: '/data',
            volumeOptions: { driverConfig: { name: 'local', options: { type: 'none', o: 'bind', device: '/etc' } } },
          },
        ],
      },
      "a driver's options of its own",
    ],
    [{ mounts: [{ type: 'image', source: 'alpine', target: '/data' }] }, 'a mount of type image may not'],
    [{ mounts: [{ type: 'npipe', source: 'x', target: '/data' }] }, 'a mount of type npipe may not'],
    [{ volumesFrom: ['web:ro'] }, 'the mounts of the container web:ro may not'],
  ])('refuses %j', (settings, says) => {
    expect(problemsOf(rules, settings)).toEqual([expect.stringContaining(says)]);
    expect(problemsOf(rules, settings)[0]).toMatch(/^mounts: /);
  });

  it('an empty list allows none, and says so', () => {
    expect(problemsOf({ mounts: [] }, { binds: ['/srv:/srv'] })).toEqual([
      'mounts: /srv of the host may not be mounted; allowed: none',
    ]);
  });

  it('what the override mounts is held to them', () => {
    expect(problemsOf({ ...rules, override: true }, {}, { HostConfig: { Binds: ['/:/host'] } })).toEqual([
      expect.stringContaining('/ of the host may not be mounted'),
    ]);
    const mount = { Type: 'bind', Source: '/', Target: '/host' };
    expect(problemsOf({ ...rules, override: true }, {}, { HostConfig: { Mounts: [mount] } })).toHaveLength(1);
    expect(problemsOf({ ...rules, override: true }, {}, { HostConfig: { VolumesFrom: ['web'] } })).toHaveLength(1);
  });
});

describe("the engine's socket", () => {
  it.each([
    '/var/run/docker.sock',
    '/run/podman/podman.sock',
    '/run',
    '/',
    '/var/run',
    '/somewhere/engine.sock',
    '/x/docker.sock',
  ])('is not given: %s', (path) => {
    expect(problemsOf({ engineSocket: false }, { binds: [`${path}:/x`] })).toEqual([
      `engineSocket: ${path} of the host is or holds an engine's socket, which is not given`,
    ]);
  });

  it.each(['/srv', '/run/lock', '/run/docker.sock.d'])('is not %s', (path) => {
    expect(problemsOf({ engineSocket: false }, { binds: [`${path}:/x`] })).toEqual([]);
  });

  it('is allowed by its own word, the folder that holds it is not', () => {
    const rules = { mounts: [], engineSocket: true };
    expect(problemsOf(rules, { binds: ['/var/run/docker.sock:/x'] })).toEqual([]);
    expect(problemsOf(rules, { binds: ['/var/run:/x'] })).toHaveLength(1);
  });

  const self = {
    ...recordOf({ id: 'self', name: 'web' }),
    settings: { binds: ['/var/run/docker.sock:/var/run/docker.sock', '/srv:/srv'] },
  };

  it.each([
    [{ engineSocket: false }, true],
    [{ mounts: [] }, true],
    [{ mounts: [{ path: '/var/run/docker.sock' }] }, false],
    [{ mounts: [{ path: '/var/run/docker.sock' }], engineSocket: false }, true],
    [{ mounts: [], engineSocket: true }, false],
    [{}, false],
  ])('under %j it is left behind: %j', (rules, isLeft) => {
    const { self: known, leftOut } = withoutSocket(self, policyOf(rules), []);
    expect(known.settings.binds).toEqual(isLeft ? ['/srv:/srv'] : self.settings.binds);
    expect(leftOut).toHaveLength(isLeft ? 1 : 0);
  });
});

describe('inheritance', () => {
  const planProblems = (rules: object, env = {}): string[] => {
    const policy = policyOf(rules);
    return checkPlan(planUnder(policy, env), policy).map(({ problem }) => problem);
  };

  it('is narrowed where nobody asks', () => {
    const policy = policyOf({ inherit: 'env,mounts' });
    expect(planUnder(policy).inherit).toEqual({ groups: ['env', 'mounts'], safe: false, command: true });
    expect(planUnder(policyOf({ inherit: 'safe' })).inherit).toMatchObject({ safe: true });
    expect(planUnder(policyOf({ inherit: 'all,restart' })).inherit.groups).not.toContain('restart');
  });

  it.each([
    ['safe', 'safe'],
    ['safe', 'none'],
    ['all', 'env'],
    ['all', 'safe'],
    ['env,mounts', 'mounts'],
    ['all,restart', 'all,restart'],
  ])('at most %s allows %s', (most, asked) => {
    const rules = { inherit: most };
    // A list of groups is inherited with what could harm the host.
    const expected = most === 'safe' && asked === 'none' ? [expect.stringContaining('harm')] : [];
    expect(planProblems(rules, { OFFSHOOT_INHERIT: asked })).toEqual(expected);
  });

  it.each([
    ['safe', 'all', 'asks for what could harm the host; allowed at most: "safe"'],
    ['safe', 'env', 'what could harm the host'],
    ['all,-privileges', 'all', 'asks for privileges; allowed at most: "all,-privileges"'],
    ['env', 'env,mounts,network', 'asks for mounts, network'],
    ['all', 'all,restart', 'asks for restart'],
    ['none', 'all', "self's command"],
    ['none,env', 'env', "self's command"],
  ])('at most %s refuses %s', (most, asked, says) => {
    expect(planProblems({ inherit: most }, { OFFSHOOT_INHERIT: asked })).toEqual([expect.stringContaining(says)]);
  });

  it('what could harm the host is refused wherever it comes from', () => {
    expect(problemsOf({ inherit: 'safe' }, { binds: ['/:/host'] })).toEqual([
      'inherit: the sibling would get / of the host; allowed at most: "safe"',
    ]);
    expect(problemsOf({ inherit: 'safe' }, { networkMode: 'host' })).toHaveLength(1);
    expect(
      problemsOf({ inherit: 'safe', override: true }, {}, { HostConfig: { Privileged: true, CapAdd: ['sys_admin'] } }),
    ).toEqual([expect.stringContaining('privileged, capability sys_admin')]);
  });
});

describe('an override', () => {
  it('is refused unless the policy allows it', () => {
    const policy = policyOf({});
    const plan = planUnder(policy, { OFFSHOOT_OVERRIDE: '{"Tty":true}' });
    expect(checkPlan(plan, policy)).toEqual([
      { rule: 'override', problem: 'OFFSHOOT_OVERRIDE is set; none is allowed' },
    ]);
    expect(checkPlan(plan, policyOf({ override: true }))).toEqual([]);
  });

  it.each<[object, object, string[]]>([
    [{}, { Tty: true }, []],
    [{ inherit: 'env' }, { Tty: true }, ['inherit: OFFSHOOT_OVERRIDE changes tty; allowed at most: "env"']],
    [
      { inherit: 'all,-privileges' },
      { HostConfig: { Privileged: true } },
      ['inherit: OFFSHOOT_OVERRIDE changes privileged'],
    ],
    [{ inherit: 'all,-privileges' }, { HostConfig: { Privileged: false } }, []],
    [
      { inherit: 'all,-namespaces' },
      { HostConfig: { PidMode: 'host' } },
      ['inherit: OFFSHOOT_OVERRIDE changes pidMode'],
    ],
    [
      { inherit: 'all,-devices' },
      { HostConfig: { Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda' }] } },
      ['inherit: OFFSHOOT_OVERRIDE changes devices'],
    ],
    [{ inherit: 'all,-limits' }, { HostConfig: { Memory: 1e9 } }, ['inherit: OFFSHOOT_OVERRIDE changes memory']],
    [
      { images: ['alpine:3'] },
      { Image: 'evil:1' },
      ['images: OFFSHOOT_OVERRIDE names another image', 'images: "evil:1" is not allowed'],
    ],
    [{ networks: ['front'] }, { HostConfig: { NetworkMode: 'host' } }, ['networks: the network host is not allowed']],
    [{ networks: ['bridge'] }, { NetworkingConfig: { EndpointsConfig: { back: {} } } }, ['networks: the network back']],
    [{ publish: false }, { HostConfig: { PortBindings: { '80/tcp': [{}] } } }, ['publish: the ports 80/tcp']],
    [{ publish: false }, { HostConfig: { PublishAllPorts: true } }, ['publish: the ports all']],
    [
      { env: ['LOG_*'] },
      { Env: ['LOG_X=1', 'TOKEN=hunter2'] },
      ['env: the variable TOKEN may not be set; allowed: LOG_*'],
    ],
    [{}, { HostConfig: { KernelMemory: 1 } }, ['override: HostConfig.KernelMemory cannot be judged']],
  ])('under %j: %j', (rules, override, expected) => {
    const problems = problemsOf({ ...rules, override: true }, {}, override);
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
    expect(problems.join()).not.toContain('hunter2');
  });

  it('may leave alone what is inherited', () => {
    const settings = { env: ['TOKEN=hunter2'], privileged: true };
    expect(problemsOf({ env: [], inherit: 'all', override: true }, settings, { StopSignal: 'SIGINT' })).toEqual([]);
  });
});

describe('runtimes, networks, ports and variables', () => {
  it.each<[object, ContainerSettings, string[]]>([
    [{ runtimes: ['podman'] }, {}, ['runtimes: "docker" is not allowed; allowed: podman']],
    [{ runtimes: ['docker'] }, {}, []],
    [{ networks: ['bridge'] }, {}, []],
    [{ networks: ['bridge'] }, { networkMode: 'default' }, []],
    [{ networks: [] }, {}, ['networks: the network bridge is not allowed; allowed: none']],
    [
      { networks: ['front'] },
      { networkMode: 'front', networks: { front: {}, back: {} } },
      ['networks: the network back'],
    ],
    [{ networks: ['none'] }, { networkMode: 'container:abc' }, ['networks: the network container:abc']],
    [{ publish: false }, {}, []],
    [{ publish: false }, { publishedPorts: [{ containerPort: '80/tcp' }] }, ['publish: the ports 80/tcp']],
    [{ env: [] }, { env: ['INHERITED=1'] }, []],
  ])('under %j: %j', (rules, settings, expected) => {
    expect(problemsOf(rules, settings)).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it('are held to the plan', () => {
    const policy = policyOf({ runtimes: ['docker'], env: ['LOG_*'] });
    const env = { OFFSHOOT_RUNTIME: 'containerd', OFFSHOOT_ENV_LOG_LEVEL: 'x', OFFSHOOT_ENV_TOKEN: 'hunter2' };
    const problems = checkPlan(planUnder(policy, env), policy);
    expect(problems).toEqual([
      { rule: 'runtimes', problem: '"nerdctl" is not allowed; allowed: docker' },
      { rule: 'env', problem: 'the variable TOKEN may not be set; allowed: LOG_*' },
    ]);
  });
});
