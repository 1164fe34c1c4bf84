import { existsSync } from 'node:fs';
import { type BasicAdapter, completed } from '../complete.ts';
import { guarded } from '../guarded.ts';
import { lazily } from '../lazily.ts';
import { operations } from '../operations.ts';
import type { Runtime } from '../runtime.ts';
import { accessSettings } from './access.ts';
import { clientBinds } from './coo-binds.ts';
import { connect, type NerdctlOptions } from './connect/connect.ts';
import { containerBasics } from './containers/containers.ts';
import { refusal, unavailable } from './command/failures.ts';
import { imageBasics } from './images/image-basics.ts';
import { createNames } from './create/names.ts';
import type { Tools } from './connect/tools.ts';
import { notYet } from './command/words.ts';

/** Calls that the launcher does not make. */
const containerCalls = {
  pause: true,
  unpause: true,
  rename: true,
  health: true,
  stats: true,
  writeStdin: true,
  networkNamespacePath: true,
  hostsPath: true,
};

const fileCalls = { copyIn: true, copyOut: true, readFile: true, writeFile: true };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * containerd, by way of the `nerdctl` command line: the one in this container, or the one of its host.
 * @throws EngineUnavailableError, InvalidRequestError
 */
export async function nerdctlRuntime(env: Environment, options: NerdctlOptions): Promise<Runtime> {
  const connection = await connect(env, options);
  const { client, lookup, place, description } = connection;
  const { namespace } = place;
  const names = createNames(client, lookup, namespace);
  const tools: Tools = { ...connection, names, namespace, env, report: options.report };

  const basics = imageBasics(tools);

  const adapter: BasicAdapter = {
    kind: 'nerdctl',
    description,
    commandLine: `nerdctl --namespace ${namespace}`,
    likelySelf: place.likely,
    features: {
      volumeSubpath: false,
      outlivesEngine: true,
      autoRemove: false,
      healthChecks: false,
      registryAuth: false,
      pullProgress: false,
    },

    // It is on the same machine.
    clock: async () => Date.now(),
    async ping({ signal }) {
      const answer = await client.run(['version'], { signal });
      if (answer.exitCode !== 0) throw unavailable(answer) ?? refusal(answer, 'answer');
    },
    version: async ({ signal }) => (await import('./can/capabilities.ts')).readVersion(tools, signal),
    capabilities: async ({ signal }) => (await import('./can/capabilities.ts')).capabilitiesOf(tools, signal),
    close: async () => {},
    access: (self) => accessSettings(client.way, namespace, env, self),
    cooBinds: () => clientBinds(client.way, existsSync),

    ...containerBasics(tools),
    ...basics,

    // What the launcher does not need is loaded when it is used, one line for each group:
    ...lazily(fileCalls, async () => (await import('./files/files.ts')).fileCallsOf(tools)),
    ...lazily(containerCalls, async () => (await import('./containers/container-calls.ts')).containerCallsOf(tools)),
    exec: lazily(operations.exec, async () => (await import('./exec/exec.ts')).execOf(tools)),
    images: lazily(operations.images, async () =>
      (await import('./images/image-store.ts')).imagesOf(tools, basics.pull),
    ),
    networks: lazily(operations.networks, async () => (await import('./networks/networks.ts')).networksOf(tools)),
    events: async (asked) => (await import('./events/events.ts')).events(tools, asked),
    compose: lazily(operations.compose, async () =>
      (await import('./compose.ts')).composeOf(tools, (id, asked) => whole.health(id, asked)),
    ),
    volumes: lazily(operations.volumes, async () => (await import('./networks/volumes.ts')).volumesOf(tools)),
    tasks: lazily(operations.tasks, async () => (await import('./snapshots/tasks.ts')).tasksOf(tools)),
    snapshots: lazily(operations.snapshots, async () =>
      (await import('./snapshots/snapshots.ts')).snapshotsOf(tools, adapter),
    ),
    cni: lazily(operations.cni, async () => (await import('./networks/cni.ts')).cniOf(tools, adapter)),
  };
  const whole = completed(adapter, notYet);
  return guarded(whole);
}
