import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { compose } from '../../src/render/compose.ts';
import { dockerRun } from '../../src/render/docker-run.ts';
import { shellWord } from '../../src/render/words.ts';
import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerSettings } from '../../src/runtime/container.ts';
import type { CreateRequest, Runtime } from '../../src/runtime/runtime.ts';
import { composePlugin } from '../../tools/engines/index.ts';
import { isOlder } from '../../src/runtime/docker/connect/version.ts';
import { figure } from '../support/figure.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { connectTo, never } from '../support/runtime.ts';
import { casesOn, createCase, mixtureCases, type SettingCase, type Stage, stageOn } from '../support/setting-cases.ts';
import { asked, differences, hasOwnHostname, withMountsAsOne } from '../support/setting-cases/compare.ts';
import type { Json } from '../support/setting-cases/types.ts';

interface Exceptions {
  /** Members that are otherwise, by case. */
  readonly [name: string]: readonly string[];
}

/** What docker's command line cannot say. Each is told by a note. */
const notByDocker: Exceptions = {
  // `--entrypoint` takes one word: the others become arguments, and the same runs.
  'an entrypoint of several words': ['Config.Entrypoint', 'Config.Cmd'],
  'a container made by a program': ['Config.Entrypoint', 'Config.Cmd'],
  // Checks run by a shell are the only ones that it knows.
  'a check without a shell': ['Config.Healthcheck.Test'],
  'a shell for checks': ['Config.Shell'],
  // All restrictions of paths or none.
  'other paths hidden': ['HostConfig.MaskedPaths', 'HostConfig.ReadonlyPaths'],
  // It always asks for the capability `gpu`.
  'devices of another kind': ['HostConfig.DeviceRequests'],
  'memory with options of mount': ['HostConfig.Mounts'],
  // Only `--volume` has a folder made: the mount is another kind of mount, with the same effect.
  'a mount whose source is made when it is missing': ['HostConfig.Mounts', 'HostConfig.Binds'],
};

/** What a Compose file cannot say. Each is told by a note. */
const notByCompose: Exceptions = {
  // Neither is about a container in the background.
  'an input that is open for a client': ['Config.StdinOnce'],
  'a terminal for somebody': ['Config.StdinOnce'],
  'removed when it ends': ['HostConfig.AutoRemove'],
  'a shell for checks': ['Config.Shell'],
  'other paths hidden': ['HostConfig.MaskedPaths', 'HostConfig.ReadonlyPaths'],
  // It reads a profile from a file.
  'a seccomp profile': ['HostConfig.SecurityOpt'],
  // One list of capabilities, and not more.
  'devices of another kind': ['HostConfig.DeviceRequests'],
  'memory with options of mount': ['HostConfig.Mounts'],
  '--mount of an anonymous volume with options of its driver': ['HostConfig.Mounts'],
  // It loses what comes behind the name.
  'the volumes of another container, to be read': ['HostConfig.VolumesFrom'],
  // A service has networks or a mode.
  'the default network and a second one later': ['Networks', 'OtherNetworks'],
  // Engines from 1.44 on get it with networks only.
  'a MAC address in the default network': ['Config.MacAddress', 'Networks'],
  'all ports published': ['HostConfig.PublishAllPorts'],
  'no swappiness': ['HostConfig.MemorySwappiness'],
  'certain processors': ['HostConfig.CpusetMems'],
};

const engines = inject('engines').filter(({ kind }) => kind === 'docker-20.10' || kind === 'docker-28.5');
let plugin: string;
beforeAll(async () => {
  plugin = await composePlugin();
});

it('there is an engine to render for', ({ skip }) => {
  const asked = process.env['OFFSHOOT_TEST_ENGINES'] ?? '';
  skip(asked !== '' && engines.length === 0, `only ${asked} were asked for`);
  expect(engines).not.toEqual([]);
});

describe.each(engines)('what is rendered makes the same container, on $kind', { concurrent: true }, (engine) => {
  const cases = casesOn(engine);
  const score = { docker: 0, compose: 0 };
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await connectTo(engine.host);
  });
  afterAll(() => {
    const of = cases.length;
    figure(`${engine.kind}: of ${of} containers docker run makes ${score.docker} again, compose ${score.compose}`);
  });

  it.for(cases)('$name', async (one) => {
    const stage = await stageOn(engine);
    try {
      await one.prepare?.(stage);
      const inspected = await stage.lab.inspect(await createCase(stage, one, { name: 'a' }));
      const original = asked(inspected);
      // Creating them shows all there is to see; but only `docker run` leaves an input open for nobody.
      const start = one.unstartable === undefined && (mixtureCases.includes(one) || inspected.Config.OpenStdin);

      const byDocker = dockerRun(await requestOf(stage, runtime, 'b'), { showValues: true });
      await runText(engine, start ? byDocker.text : onlyCreated(byDocker.text));
      const ofDocker = asked(await stage.lab.inspect(stage.named('b')));
      score.docker += expectSameOrExcused(one, differences(original, ofDocker), byDocker.notes, notByDocker);
      if (start) await stage.lab.ok('rm', '-f', '-v', stage.named('b')); // it may have a port, or an address

      const byCompose = compose(await requestOf(stage, runtime, 'c'), { showValues: true });
      await runCompose(engine, byCompose.text, start ? ['up', '-d'] : ['create']);
      const ofCompose = withMountsAsOne(asked(await stage.lab.inspect(stage.named('c'))));
      score.compose += expectSameOrExcused(
        one,
        differences(withMountsAsOne(original), ofCompose),
        byCompose.notes,
        notByCompose,
      );
    } finally {
      await stage.cleanUp();
    }
  });

  it('also when values of variables come from the environment', async () => {
    const stage = await stageOn(engine);
    try {
      const variables = { A: 'a "b" $c', B: '', PATH: '/usr/local/bin:/bin' };
      await createCase(stage, { name: 'variables' }, { name: 'a', env: variables });
      const original = asked(await stage.lab.inspect(stage.named('a')));

      const byDocker = dockerRun(await requestOf(stage, runtime, 'b'), { showValues: false });
      await runText(engine, onlyCreated(byDocker.text), variables);
      expect(differences(original, asked(await stage.lab.inspect(stage.named('b'))))).toEqual([]);

      const byCompose = compose(await requestOf(stage, runtime, 'c'), { showValues: false });
      await runCompose(engine, byCompose.text, ['create'], variables);
      expect(differences(original, asked(await stage.lab.inspect(stage.named('c'))))).toEqual([]);
      expect(`${byDocker.text}${byCompose.text}`).not.toMatch(/\$c|usr.local/);
    } finally {
      await stage.cleanUp();
    }
  });
});

/** What a sibling that is the same would be asked for: read from the first container. */
async function requestOf(stage: Stage, runtime: Runtime, name: string): Promise<CreateRequest> {
  const inspected = await stage.lab.inspect(stage.named('a'));
  const record = await runtime.inspect(inspected.Id, { signal: never });
  if (record === undefined) throw new Error('the first container is gone');
  const { hostname, networks, ...settings } = record.settings;
  return runtime.createRequest({
    ...settings,
    entrypoint: settings.entrypoint ?? [], // as a sibling of the same image is asked for
    ...(hasOwnHostname(inspected) && { hostname }),
    ...(networks !== undefined && { networks: withoutShortId(networks, inspected.Id) }),
    name: stage.named(name),
    image: stage.image,
    override: notInSettings(inspected, stage),
  });
}

/** Old engines keep it among the aliases. */
function withoutShortId(networks: Networks, id: string): Networks {
  return Object.fromEntries(
    Object.entries(networks).map(([network, { aliases = [], ...endpoint }]) => {
      const others = aliases.filter((alias) => !id.startsWith(alias));
      return [network, { ...endpoint, ...(others.length > 0 && { aliases: others }) }];
    }),
  );
}

type Networks = NonNullable<ContainerSettings['networks']>;

/** A clone gets volumes by their names, and no address that the engine may have made; a renderer has to say both. */
function notInSettings({ Config, NetworkSettings }: ContainerInspectInfo, { engine }: Stage): Json {
  const endpoints = Object.entries(NetworkSettings.Networks)
    .filter(([, { MacAddress }]) => MacAddress !== '')
    .map(([network, { MacAddress }]) => [network, { MacAddress }]);
  const areKnown = !isOlder((engine as TestEngine).apiVersion, '1.44');
  return {
    ...(Config.Volumes && { Volumes: Config.Volumes }),
    ...(areKnown && endpoints.length > 0 && { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } }),
  };
}

/** 1 when all is the same. Whatever is not is expected, and a note says so. */
function expectSameOrExcused(
  one: SettingCase,
  found: readonly string[],
  notes: readonly string[],
  exceptions: Exceptions,
): 0 | 1 {
  const unexpected = found.filter((line) => !(exceptions[one.name] ?? []).some((member) => line.startsWith(member)));
  expect(unexpected).toEqual([]);
  if (found.length > 0) expect(notes).not.toEqual([]);
  return found.length === 0 ? 1 : 0;
}

/** With the engine's own docker command line. */
async function runText(engine: TestEngine, text: string, env: Env = {}): Promise<void> {
  const script = `docker() { ${shellWord(engine.docker)} "$@"; }\n${text}`;
  await execa('/bin/sh', ['-c', script], { env: { ...env, ...clientEnv(engine) }, extendEnv: false });
}

async function runCompose(engine: TestEngine, input: string, words: readonly string[], env: Env = {}): Promise<void> {
  await execa(plugin, ['-f', '-', ...words], { input, env: { ...env, ...clientEnv(engine) }, extendEnv: false });
}

type Env = Readonly<Record<string, string>>;

function clientEnv({ host }: TestEngine): Env {
  return { DOCKER_HOST: host, DOCKER_CONFIG: '/nonexistent', HOME: '/nonexistent' };
}

function onlyCreated(text: string): string {
  return text.replace('docker run -d ', 'docker create ').replace(/ && \\\ndocker start .*/, '');
}
