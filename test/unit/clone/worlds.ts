import fc from 'fast-check';
import type { ContainerRecord, ContainerSettings, ImageConfig } from '../../../src/runtime/container.ts';
import { anySettings, settingArbitraries } from './arbitraries.ts';
import { onEngine, refusals, targets } from './engine-model.ts';

const { env, entrypoint, command, user, workingDir, stopSignal, shell, labels, healthcheck } = settingArbitraries;
const { exposedPorts, volumes } = settingArbitraries;

export const anyImage = fc.record(
  {
    // An image that was made to control the launcher, or to be acted on, is its maker's own affair.
    env: env.map((list) => list.filter((entry) => !/^(?:OFFSHOOT_|HOSTNAME=)/.test(entry))),
    labels: labels.map(({ vendor = '1', team = '2' }) => ({ vendor, team })),
    ...{ entrypoint, command, user, workingDir, stopSignal, shell, healthcheck, exposedPorts, volumes },
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ImageConfig>;

/** What one could ask an engine for: of settings that do not go together only one is there. */
export const anyAsked: fc.Arbitrary<ContainerSettings> = anySettings.map((settings) => {
  const asked: Record<string, unknown> = { ...settings };
  const drop = (...names: string[]): void => {
    for (const name of names) delete asked[name];
  };
  const has = (): ContainerSettings => asked;
  const { networkMode = 'bridge' } = settings;
  if (/^(?:host|none|container:.*)$/.test(networkMode)) drop('networks');
  if (networkMode.startsWith('container:'))
    drop(
      'hostname',
      'domainname',
      'links',
      'dns',
      'dnsOptions',
      'dnsSearch',
      'extraHosts',
      'publishedPorts',
      'publishAllPorts',
      'exposedPorts',
    );
  if (networkMode === 'host') drop('links');
  if (settings.utsMode === 'host') drop('hostname');
  if (settings.nanoCpus !== undefined) drop('cpuPeriod', 'cpuQuota');
  if (settings.memory === undefined) drop('memorySwap');
  if (settings.restartPolicy !== undefined) drop('autoRemove');
  for (const name of ['tmpfs', 'mounts']) if (new Set(targets(has())).size < targets(has()).length) drop(name);
  // The command line exposes what it publishes.
  const published = settings.publishedPorts?.map(({ containerPort }) => containerPort) ?? [];
  if (has().publishedPorts !== undefined)
    asked['exposedPorts'] = [...new Set([...(has().exposedPorts ?? []), ...published])];
  const problem = refusals.find(([, isSo]) => isSo(has()));
  if (problem !== undefined) throw new Error(`the arbitrary makes what no engine takes: ${problem[0]}`);
  return has();
});

export interface World {
  readonly asked: ContainerSettings;
  readonly image: ImageConfig;
  readonly self: ContainerRecord;
}

/** A container as its engine describes it, and its image. */
export const anyWorld: fc.Arbitrary<World> = fc
  .record({ asked: anyAsked, image: anyImage })
  .map(({ asked, image }) => ({ asked, image, self: onEngine(asked, image, 'a'.repeat(64)) }));
