import { describe, expect, inject } from 'vitest';
import { appImages, buildImage } from '../support/app-images.ts';
import { type Lab, type LaunchRequest, labTest } from '../support/lab.ts';
import { fullName, isPodman, ownVariables } from '../support/podman.ts';
import { onePer, releaseAndStoreOf } from '../support/one-per.ts';

const entrypoint = '/opt/offshoot/entrypoint.sh';
const echo = ['/bin/echo', 'asked'];

/** An image with every default that an image can have, and the launcher in it. */
const ownDefaults = `FROM offshoot-test/app:1
  ENV OWN=image
  LABEL own=image
  EXPOSE 8080
  VOLUME /var/lib/own
  WORKDIR /var/lib
  STOPSIGNAL SIGUSR1
  HEALTHCHECK --interval=30s --timeout=3s --retries=5 CMD true
  SHELL ["/bin/sh", "-ec"]
  CMD ["own"]`;

const engines = onePer(inject('allEngines'), releaseAndStoreOf);

describe.each(engines)('image, environment and command on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  async function siblingOf(lab: Lab, request: LaunchRequest) {
    const { app } = await appImages(engine);
    const launched = await lab.launch({ image: app, canary: false, ...request });
    expect(launched).toMatchObject({ exitCode: 0 });
    return { launched, self: await lab.inspect(launched.self), sibling: await lab.inspect(launched.result.id) };
  }

  it('takes self by its id, also when its tag has moved on', async ({ lab }) => {
    const tag = `offshoot-test/moving:${lab.mark}`;
    await lab.ok('tag', 'offshoot:dev', tag);
    const running = await lab.start({ image: tag, words: ['sleep', '1000'] });
    await lab.ok('tag', 'offshoot-test/busybox:1', tag);
    const { id } = JSON.parse(await lab.ok('exec', running, 'offshoot', 'launch', 'self', '--', 'true')) as {
      id: string;
    };
    await lab.ok('rmi', tag);
    const [self, sibling] = await Promise.all([lab.inspect(running), lab.inspect(id)]);
    expect(sibling.Image).toBe(self.Image);
    // Podman says a name that the image has.
    if (!isPodman(engine)) expect(sibling.Config.Image).toBe(self.Image);
  });

  it('takes another image by its reference', async ({ lab }) => {
    const { target } = await appImages(engine);
    const { sibling, launched } = await siblingOf(lab, { env: { OFFSHOOT_IMAGE: target } });
    expect(sibling.Config).toMatchObject({ Image: fullName(engine, target), WorkingDir: '/tmp' });
    expect(launched.result).toMatchObject({ image: target, imageId: sibling.Image });
  });

  it('makes of another image what that is by itself, with nothing of the defaults of our own', async ({ lab }) => {
    const { target } = await appImages(engine);
    const own = await buildImage(engine, `offshoot-test/defaults:${lab.mark}`, ownDefaults);
    const { sibling, self, launched } = await siblingOf(lab, { image: own, env: { OFFSHOOT_IMAGE: target } });
    const plain = await lab.inspect(await lab.ok('create', '--label', lab.mark, target));
    await lab.ok('rmi', '-f', own);
    const defaults = ({ Config }: typeof plain): unknown =>
      Object.fromEntries(
        Object.entries(Config)
          .filter(([name]) => !['Hostname', 'Image', 'Labels'].includes(name) && !name.startsWith('Attach'))
          .map(([name, value]: [string, unknown]) => [
            name,
            Array.isArray(value) ? ownVariables(engine, value) : (value ?? null),
          ]),
      );
    expect(defaults(sibling)).toEqual(defaults(plain));
    expect(Object.keys(sibling.Config.Labels)).not.toContain('own');
    const volumes = isPodman(engine) ? {} : { Volumes: { '/var/lib/own': {} } };
    expect(self.Config).toMatchObject({ StopSignal: isPodman(engine) ? '10' : 'SIGUSR1', ...volumes });
    const left = launched.result.leftOut.map(({ setting }) => setting);
    for (const name of ['Healthcheck', 'StopSignal', 'WorkingDir'])
      expect(left).toEqual(expect.arrayContaining([`Config.${name}`, 'label own', 'env OWN']));
  });

  it('keeps what somebody set beside the defaults of our own image', async ({ lab }) => {
    const { target } = await appImages(engine);
    const own = await buildImage(engine, `offshoot-test/defaults:${lab.mark}`, ownDefaults);
    const set = ['--health-interval', '7s', '--label', 'own=mine', '--expose', '9000'];
    const flags = [...set, '--stop-signal', 'SIGUSR2', '-w', '/var'];
    const { sibling } = await siblingOf(lab, { image: own, env: { OFFSHOOT_IMAGE: target, OWN: 'mine' }, flags });
    await lab.ok('rmi', '-f', own);
    expect(sibling.Config).toMatchObject({
      // Podman takes no part of a healthcheck without the command.
      ...(isPodman(engine) ? {} : { Healthcheck: { Interval: 7_000_000_000 } }),
      Labels: { own: 'mine' },
      StopSignal: isPodman(engine) ? '12' : 'SIGUSR2',
      WorkingDir: '/var',
    });
    // Podman tells only of ports that are published.
    expect(Object.keys(sibling.Config.ExposedPorts ?? {})).toEqual(isPodman(engine) ? [] : ['9000/tcp']);
    expect(sibling.Config.Env).toContain('OWN=mine');
  });

  const asked = {
    FOO: 'bar',
    DEFAULT: 'mine',
    EMPTY: '',
    ODD: ` a=b "c" 'd' $e \\ ü`,
    LINES: 'one\ntwo\n',
    HOSTNAME: 'elsewhere',
    OFFSHOOT_ENV_ADDED: 'x=y',
    OFFSHOOT_ENV_FOO: 'better',
    OFFSHOOT_ENV_BLANK: '',
  };
  const given = [
    'FOO=better',
    'DEFAULT=mine',
    'EMPTY=',
    `ODD=${asked.ODD}`,
    `LINES=${asked.LINES}`,
    'ADDED=x=y',
    'BLANK=',
  ];
  const searchPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

  it('gives the variables that somebody set to another image, and not those of self', async ({ lab }) => {
    const { target } = await appImages(engine);
    const { sibling } = await siblingOf(lab, { env: { ...asked, OFFSHOOT_IMAGE: target } });
    expect(ownVariables(engine, sibling.Config.Env)).toEqual([...given, 'SHARED=same', searchPath].toSorted());
  });

  it('leaves the defaults of another image alone', async ({ lab }) => {
    const { target } = await appImages(engine);
    const { sibling } = await siblingOf(lab, { env: { OFFSHOOT_IMAGE: target } });
    expect(ownVariables(engine, sibling.Config.Env)).toEqual(['DEFAULT=target', 'SHARED=same', searchPath].toSorted());
  });

  it('keeps a variable that somebody set to what the image has, on the same image', async ({ lab }) => {
    const env = { DEFAULT: 'app', OFFSHOOT_IMAGE: 'self', OFFSHOOT_LOG_LEVEL: 'warn' };
    const { sibling } = await siblingOf(lab, { env });
    expect(ownVariables(engine, sibling.Config.Env)).toEqual(['DEFAULT=app', 'SHARED=same', searchPath].toSorted());
  });

  it('inherits nothing when asked so', async ({ lab }) => {
    const env = { FOO: 'bar', OFFSHOOT_INHERIT: 'none', OFFSHOOT_ENV_ADDED: '1', OFFSHOOT_IMAGE: 'self' };
    const { sibling } = await siblingOf(lab, { env, flags: ['--privileged', '-t'] });
    expect(ownVariables(engine, sibling.Config.Env)).toEqual(
      ['ADDED=1', 'DEFAULT=app', 'SHARED=same', searchPath].toSorted(),
    );
    expect(sibling.HostConfig.Binds ?? []).toEqual([]);
    expect(sibling.HostConfig).toMatchObject({ Privileged: false });
    expect(sibling.Config).toMatchObject({ Tty: false, Entrypoint: [entrypoint, '/bin/echo', 'app'], Cmd: ['serve'] });
  });

  it('merges OFFSHOOT_OVERRIDE over the request', async ({ lab }) => {
    const override = {
      Env: ['ONLY=this'],
      Labels: { 'com.example': 'x' },
      HostConfig: { Binds: null, ReadonlyRootfs: true },
    };
    const env = { FOO: 'bar', OFFSHOOT_IMAGE: 'self', OFFSHOOT_OVERRIDE: JSON.stringify(override) };
    const { sibling, self } = await siblingOf(lab, { env });
    expect(sibling.Config.Env).toContain('ONLY=this');
    expect(sibling.Config.Env).not.toContain('FOO=bar');
    expect(sibling.Config.Labels).toMatchObject({ 'com.example': 'x', 'io.offshoot.parent': self.Id });
    expect(sibling.HostConfig.Binds ?? []).toEqual([]);
    expect(sibling.HostConfig).toMatchObject({ ReadonlyRootfs: true });
  });

  const own = { Entrypoint: [entrypoint, '/bin/echo', 'app'], Cmd: ['serve'] };
  const theirs = { Entrypoint: ['/bin/echo', 'target'], Cmd: ['default'] };
  const ask = JSON.stringify;

  it.for([
    // Another image
    ['nothing given', 'target', {}, theirs],
    ['arguments', 'target', { words: ['a b', '', '*'] }, { ...theirs, Cmd: ['a b', '', '*'] }],
    [
      'arguments, and a command asked for',
      'target',
      { words: ['a'], command: ask(['b c']) },
      { ...theirs, Cmd: ['b c'] },
    ],
    ['a command as shell words', 'target', { command: `'b c' d` }, { ...theirs, Cmd: ['b c', 'd'] }],
    ['an entrypoint asked for', 'target', { entrypoint: ask(echo) }, { Entrypoint: echo, Cmd: null }],
    ['both asked for', 'target', { entrypoint: ask(echo), command: 'c' }, { Entrypoint: echo, Cmd: ['c'] }],
    [
      'arguments for the entrypoint asked for',
      'target',
      { words: ['w'], entrypoint: ask(echo) },
      { Entrypoint: echo, Cmd: ['w'] },
    ],
    [
      'the entrypoint cleared by us',
      'target',
      { entrypoint: '[]', command: ask(echo) },
      { Entrypoint: null, Cmd: echo },
    ],
    ['the launcher named as first word', 'target', { words: [entrypoint, 'w'] }, { ...theirs, Cmd: ['w'] }],
    ['the launcher as the only word', 'target', { words: ['/opt/offshoot/offshoot'] }, theirs],
    [
      'the launcher as entrypoint of its own',
      'target',
      { flags: ['--entrypoint', entrypoint], words: ['w'] },
      { ...theirs, Cmd: ['w'] },
    ],
    [
      "offshoot's own shell as entrypoint",
      'target',
      { flags: ['--entrypoint', '/opt/offshoot/bin/sh'], words: [entrypoint, 'w'] },
      { ...theirs, Cmd: ['w'] },
    ],
    [
      'the entrypoint cleared by the user',
      'target',
      { flags: ['--entrypoint='], words: [entrypoint, ...echo] },
      { Entrypoint: null, Cmd: echo },
    ],
    // The same image
    ['nothing given', 'self', {}, own],
    ['arguments', 'self', { words: ['a b', ''] }, { ...own, Cmd: ['a b', ''] }],
    ['a command asked for', 'self', { words: ['a'], command: 'b' }, { ...own, Cmd: ['b'] }],
    ['an entrypoint asked for', 'self', { entrypoint: ask(echo) }, { Entrypoint: echo, Cmd: null }],
    [
      'arguments for the entrypoint asked for',
      'self',
      { words: ['w'], entrypoint: ask(echo) },
      { Entrypoint: echo, Cmd: ['w'] },
    ],
    [
      'the entrypoint cleared by the user',
      'self',
      { flags: ['--entrypoint='], words: [entrypoint, ...echo] },
      { Entrypoint: null, Cmd: [entrypoint, ...echo] },
    ],
  ] as [string, 'self' | 'target', Asked, { Entrypoint: string[] | null; Cmd: string[] | null }][])(
    'command: %s, image %s',
    async ([, image, { words, flags, command, entrypoint: first }, expected], { lab }) => {
      const env = {
        OFFSHOOT_IMAGE: image === 'self' ? 'self' : (await appImages(engine)).target,
        ...(command !== undefined && { OFFSHOOT_COMMAND: command }),
        ...(first !== undefined && { OFFSHOOT_ENTRYPOINT: first }),
      };
      const { sibling } = await siblingOf(lab, { env, words: words ?? [], flags: flags ?? [] });
      // Engines write a cleared entrypoint, and no command, in several ways.
      const { Entrypoint, Cmd } = sibling.Config as { Entrypoint: string[] | null; Cmd: string[] | null };
      expect({ Entrypoint: orNull(Entrypoint), Cmd: orNull(Cmd) }).toEqual(expected);
    },
  );
});

interface Asked {
  readonly words?: string[];
  readonly flags?: string[];
  readonly command?: string;
  readonly entrypoint?: string;
}

function orNull(words: string[] | null): string[] | null {
  return words === null || words.length === 0 || (words.length === 1 && words[0] === '') ? null : words;
}
