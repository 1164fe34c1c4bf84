import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CloneRequest, cloneSettings, powersOf } from '../../../src/clone/clone.ts';
import type { ContainerRecord, ContainerSettings, ImageRecord } from '../../../src/runtime/container.ts';

type ImageConfig = NonNullable<ImageRecord['config']>;

const request: CloneRequest = {
  inherit: 'all',
  command: undefined,
  entrypoint: undefined,
  env: [],
  isControl: (name) => name.startsWith('OFFSHOOT_'),
  launcherPaths: ['/opt/offshoot/entrypoint.sh'],
};

const words = fc.option(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }), {
  nil: undefined,
});
const text = fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined });
const env = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[A-Z]{1,2}$/), fc.string({ maxLength: 3 })).map((pair) => pair.join('=')),
  { selector: (entry) => entry.split('=')[0], maxLength: 6 },
);

const imageConfig: fc.Arbitrary<ImageConfig> = fc.record({
  env,
  entrypoint: words,
  command: words,
  user: text,
  workingDir: text,
});

const settings: fc.Arbitrary<ContainerSettings> = fc.record({
  env,
  entrypoint: words,
  command: words,
  tty: fc.boolean(),
  user: text,
  workingDir: text,
  binds: fc.array(fc.constantFrom('/a:/a', 'data:/data:ro', '/x:/y:rslave')),
  mounts: fc.array(
    fc.constantFrom({ type: 'tmpfs', target: '/t' }, { type: 'volume', source: 'v', target: '/v', readOnly: true }),
  ),
  groupAdd: fc.array(fc.constantFrom('1', 'docker')),
  securityOpt: fc.array(fc.constantFrom('label=disable', 'seccomp=unconfined')),
  privileged: fc.boolean(),
  pidMode: fc.constantFrom(undefined, 'host'),
  usernsMode: fc.constantFrom(undefined, 'host'),
  networkMode: fc.constantFrom('default', 'host', 'none', 'net', `container:${'a'.repeat(64)}`),
});

function recordOf(own: ContainerSettings, unmodelled: readonly string[] = []): ContainerRecord {
  return {
    id: 'a'.repeat(64),
    name: 'self',
    image: { reference: 'image', id: 'sha256:1' },
    state: { status: 'running', running: true, pid: 1, exitCode: 0, everStarted: true },
    settings: own,
    labels: {},
    mountPoints: [],
    upperDir: undefined,
    unmodelled,
  };
}

/** What an engine makes of settings, given the image: its defaults where nothing is said. */
function onEngine(asked: Partial<ContainerSettings>, image: ImageConfig): ContainerSettings {
  const entrypoint = asked.entrypoint ?? image.entrypoint;
  const byImage = asked.entrypoint === undefined || asked.entrypoint.length === 0;
  return {
    tty: false,
    binds: [],
    mounts: [],
    groupAdd: [],
    securityOpt: [],
    privileged: false,
    pidMode: undefined,
    usernsMode: undefined,
    networkMode: 'default',
    ...asked,
    env: [
      ...image.env.filter((entry) => !asked.env?.some((own) => own.split('=')[0] === entry.split('=')[0])),
      ...(asked.env ?? []),
    ],
    entrypoint: entrypoint?.length === 0 ? undefined : entrypoint,
    command: asked.command?.length ? asked.command : byImage ? image.command : undefined,
    user: asked.user ?? image.user,
    workingDir: asked.workingDir ?? image.workingDir,
  };
}

describe('cloneSettings', () => {
  it('gives a sibling of the same image what self has', () => {
    fc.assert(
      fc.property(settings, imageConfig, (asked, image) => {
        const own = onEngine(asked, image);
        const { settings: given } = cloneSettings({ self: recordOf(own), selfImage: image, sameImage: true, request });
        const sibling = onEngine(given, image);
        expect({ ...sibling, env: sibling.env.toSorted() }).toEqual({ ...own, env: own.env.toSorted() });
      }),
    );
  });

  it('gives a sibling of another image nothing of self’s image', () => {
    fc.assert(
      fc.property(settings, imageConfig, imageConfig, (asked, image, other) => {
        const own = onEngine(
          { ...asked, env: [], entrypoint: undefined, command: undefined, user: undefined, workingDir: undefined },
          image,
        );
        const { settings: given } = cloneSettings({ self: recordOf(own), selfImage: image, sameImage: false, request });
        const { env: siblingEnv, entrypoint, command, user, workingDir } = onEngine(given, other);
        expect({ env: siblingEnv, entrypoint, command, user, workingDir }).toEqual(other);
      }),
    );
  });

  it('passes mounts and modes on as they were asked for', () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (own, sameImage) => {
        const { settings: given } = cloneSettings({ self: recordOf(own), selfImage: undefined, sameImage, request });
        const { binds, mounts, privileged, pidMode, networkMode, tty, groupAdd, securityOpt, usernsMode } = own;
        expect(given).toMatchObject({
          binds,
          mounts,
          privileged,
          pidMode,
          networkMode,
          tty,
          groupAdd,
          securityOpt,
          usernsMode,
        });
      }),
    );
  });

  it('gives nothing of self where nothing is to be inherited', () => {
    fc.assert(
      fc.property(settings, imageConfig, (own, image) => {
        const asked = { ...request, inherit: 'none' as const, env: ['A=1'], command: ['ls'] };
        const clone = cloneSettings({ self: recordOf(own), selfImage: image, sameImage: true, request: asked });
        expect(clone).toEqual({ settings: { env: ['A=1'], command: ['ls'], entrypoint: undefined }, leftOut: [] });
      }),
    );
  });

  it('lets what is asked for win', () => {
    fc.assert(
      fc.property(settings, imageConfig, (own, image) => {
        const asked = { ...request, env: ['A=asked'], entrypoint: ['/e'], command: ['c'] };
        const { settings: given } = cloneSettings({
          self: recordOf(own),
          selfImage: image,
          sameImage: false,
          request: asked,
        });
        expect(given).toMatchObject({ entrypoint: ['/e'], command: ['c'] });
        expect(given.env?.filter((entry) => entry.startsWith('A='))).toEqual(['A=asked']);
      }),
    );
  });

  it('names what it has no place for', () => {
    const own = onEngine(
      {},
      { env: [], entrypoint: undefined, command: undefined, user: undefined, workingDir: undefined },
    );
    const self = recordOf(own, ['HostConfig.CapAdd']);
    const { leftOut } = cloneSettings({ self, selfImage: undefined, sameImage: true, request });
    expect(leftOut).toEqual([{ setting: 'HostConfig.CapAdd', reason: 'this version does not clone it' }]);
  });
});

describe('powersOf', () => {
  it.each([
    [{}, []],
    [
      { privileged: true, pidMode: 'host', networkMode: 'host', usernsMode: 'host' },
      ['privileged', 'pid', 'network', 'user'],
    ],
    [{ binds: ['/:/host:ro'] }, ['/ of the host']],
    [
      {
        binds: ['/var/run/docker.sock:/x'],
        mounts: [{ type: 'bind', source: '/run/podman/podman.sock', target: '/y' }],
      },
      ['docker.sock', 'podman.sock'],
    ],
    [{ binds: ['/data:/'], pidMode: `container:${'a'.repeat(64)}` }, []],
  ])('%j', (given, named) => {
    const powers = powersOf(given);
    expect(powers).toHaveLength(named.length);
    for (const [index, name] of named.entries()) expect(powers[index]).toContain(name);
  });
});
