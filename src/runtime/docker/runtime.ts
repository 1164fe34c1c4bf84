import { NotFoundError } from '../../errors.ts';
import { parseReference } from '../../plan/reference.ts';
import type { Call } from '../adapter.ts';
import { type BasicAdapter, completed } from '../complete.ts';
import { derived } from '../derived.ts';
import { guarded } from '../guarded.ts';
import { lazily } from '../lazily.ts';
import { operations } from '../operations.ts';
import type { HostProcess, OutputChunk, Runtime } from '../runtime.ts';
import { accessSettings } from './access.ts';
import type { Api, ApiResponse } from './wire/api.ts';
import { labelFilter, pathOf, tell } from './wire/ask.ts';
import { connect } from './connect/connect.ts';
import { createRequest } from './create/create.ts';
import { createContainer, slowCallMs } from './containers/create-container.ts';
import { defaultSocket, type Endpoint, formatEndpoint, parseEndpoint } from './wire/endpoint.ts';
import { demultiplex, raw } from './wire/frames.ts';
import { lacks } from './emulated/lacks.ts';
import { readContainer, readExit, readImage, readList, readProcesses } from './create/inspect.ts';
import { containerOfPodman } from './podman/podman.ts';
import { healthcheckOfImage, imageOfPodman } from './podman/podman-image.ts';
import { asPodman } from './podman/podman-runtime.ts';
import { lastOfPodman, pullImage } from './images/pull.ts';
import { startContainer } from './containers/start-container.ts';
import { isOlder } from './connect/version.ts';
import { wholeLog } from './containers/whole-log.ts';
import { expectStatus, refusal, startRefusal } from './wire/refusals.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Query = Readonly<Record<string, string>>;

/** What a container can be called. Other text could name another path of the API: `..`, or nothing at all. */
const containerReference = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Calls that the launcher does not make, by the file that has them. */
const containerCalls = pick(
  'stop',
  'pause',
  'unpause',
  'rename',
  'health',
  'stats',
  'writeStdin',
  'networkNamespacePath',
  'hostsPath',
);
const fileCalls = pick('copyIn', 'copyOut', 'readFile', 'writeFile');

function pick<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, true>> {
  return Object.fromEntries(names.map((name) => [name, true])) as Record<Name, true>;
}

const pingMs = 5_000;

export interface DockerOptions extends Call {
  /** Without it what `DOCKER_HOST` names, or the usual socket. */
  readonly endpoint?: Endpoint;
}

/**
 * Docker Engine, API 1.41 (Docker 20.10) and newer, or Podman, which speaks the same.
 * @throws EngineUnavailableError where none answers
 */
export async function dockerRuntime(
  env: Environment,
  { signal: connectSignal, endpoint = parseEndpoint(env) }: DockerOptions,
): Promise<Runtime> {
  const connection = await connect(endpoint, env, connectSignal);
  const { api, apiVersion, engineVersion, libpod } = connection;

  const isPodman = libpod !== undefined;
  const basic: BasicAdapter = {
    kind: 'docker',
    features: { volumeSubpath: !isOlder(apiVersion, '1.45') },
    description: `${isPodman ? 'Podman' : 'Docker Engine'} ${engineVersion} (API ${apiVersion}) at ${formatEndpoint(endpoint)}`,

    async clock({ signal }) {
      const response = await api({ method: 'GET', path: '/_ping', signal });
      await expectStatus(response, [200], 'answer a ping');
      return Date.parse(response.header('date') ?? '') || Date.now();
    },

    async inspect(reference, { signal }) {
      if (!containerReference.test(reference)) return undefined;
      const answer = await getOrMissing(api, `/containers/${reference}/json`, 'inspect the container', signal);
      return answer === undefined ? undefined : readContainer(isPodman ? containerOfPodman(answer) : answer);
    },

    async list({ labels, all = labels !== undefined, names, signal }) {
      const filters = {
        ...(labels !== undefined && { label: labelFilter(labels) }),
        ...(names !== undefined && { name: names }),
      };
      const query = {
        ...(all && { all }),
        ...(Object.keys(filters).length > 0 && { filters: JSON.stringify(filters) }),
      };
      const response = await api({ method: 'GET', path: '/containers/json', query, signal });
      const found = readList(await bodyOf(response, 'list its containers'));
      // The engine takes parts of names too.
      return names === undefined ? found : found.filter(({ name }) => names.includes(name));
    },

    processes: (id, { signal }) => processes(api, id, signal),

    async hasFile(id, path, { signal }) {
      const response = await api({ method: 'HEAD', path: pathOf(id, 'archive'), query: { path }, signal });
      await response.discard();
      if (response.status === 200) return true;
      return response.status === 404 ? false : undefined;
    },

    async inspectImage(reference, { platform, signal }) {
      // Nothing in a reference needs escaping.
      if (!canBeImage(reference)) return undefined;
      const ask = (query?: Query): Promise<unknown> =>
        getOrMissing(api, `/images/${reference}/json`, 'inspect the image', signal, query);
      if (platform !== undefined && !isOlder(apiVersion, '1.49')) {
        const [whole, part] = await Promise.all([ask(), ask({ platform: platformQuery(platform) })]);
        if (whole === undefined || part === undefined) return undefined;
        // With containerd's store each platform has an id of its own, which containers do not tell.
        return { ...readImage(part), id: readImage(whole).id };
      }
      const answer = await ask();
      if (answer === undefined || libpod === undefined) return answer === undefined ? undefined : readImage(answer);
      return readImage(imageOfPodman(answer, await healthcheckOfImage(libpod, answer, signal)));
    },

    pull: (reference, options) => pullImage(api, reference, options, isPodman ? lastOfPodman : undefined),

    hasNetwork: (name, { signal }) => exists(api, `/networks/${encodeURIComponent(name)}`, signal),
    hasVolume: (name, { signal }) => exists(api, `/volumes/${encodeURIComponent(name)}`, signal),

    createRequest: (spec) => createRequest(spec, apiVersion),
    create: (spec, { signal }) => createContainer(api, createRequest(spec, apiVersion), signal),

    start: (id, { signal }) => startContainer(api, id, signal),

    async attach(id, { signal }) {
      return (await output(api, id, 'attach', { stream: true, stdout: true, stderr: true }, signal)).chunks;
    },

    async logs(id, { tail, follow = false, since, signal }) {
      const from = since === undefined ? {} : { since: (since.getTime() / 1000).toFixed(3) };
      const query = { stdout: true, stderr: true, tail: tail ?? 'all', follow, ...from };
      const { chunks, startedAt } = await output(api, id, 'logs', query, signal);
      // Which lines the last ones were, cannot be known later.
      if (!follow || tail !== undefined) return chunks;
      return wholeLog(chunks, async () => {
        const { state } = (await adapter.inspect(id, { signal })) ?? {};
        // It is gone, or is another time under way.
        if (state === undefined || state.running || (startedAt ?? state.startedAt) !== state.startedAt)
          return undefined;
        return (await output(api, id, 'logs', { ...query, follow: false }, signal)).chunks;
      });
    },

    async wait(id, { signal }) {
      const response = await api({ method: 'POST', path: pathOf(id, 'wait'), signal, timeoutMs: Infinity });
      return readExit(await bodyOf(response, 'wait for the container'));
    },

    async nextExit(id, { signal }) {
      const query = { condition: 'next-exit' };
      const response = await api({ method: 'POST', path: pathOf(id, 'wait'), query, signal, timeoutMs: Infinity });
      if (response.status !== 200) throw await refusal(response, 'wait for the container');
      // Not a promise alone, which would be waited for here.
      return { ended: response.json().then(readExit) };
    },

    async kill(id, signalName, { signal }) {
      const query = { signal: signalName };
      const response = await api({ method: 'POST', path: pathOf(id, 'kill'), query, signal });
      // 404: gone; 409: does not run.
      await expectStatus(response, [204, 404, 409], `send it ${signalName}`);
    },

    async remove(id, { signal, force = true }) {
      const query = { force, v: true };
      const response = await api({ method: 'DELETE', path: pathOf(id), query, signal, timeoutMs: slowCallMs });
      // 404: gone; 409: somebody else is removing it at this moment.
      if (!force && response.status === 409) throw await refusal(response, 'remove the container');
      await expectStatus(response, [204, 404, 409], 'remove the container');
    },

    access: (self) => accessSettings(endpoint, env, self),
    // Podman and Docker look for it in different places of a container, and this is where most programs do.
    cooBinds: () => (endpoint.kind === 'unix' ? [`${endpoint.path}:${defaultSocket}`] : []),

    async ping({ signal }) {
      await tell(api, { method: 'GET', path: '/_ping', signal, timeoutMs: pingMs }, { what: 'answer a ping' });
    },
    version: async ({ signal }) => (await import('./capabilities.ts')).readVersion(connection, signal),
    capabilities: async ({ signal }) => (await import('./capabilities.ts')).capabilitiesOf(connection, env, signal),
    close: async () => connection.close(),

    ...lazily(containerCalls, async () =>
      (await import('./containers/containers.ts')).containerCalls(connection, derived(() => adapter).stop),
    ),
    ...lazily(fileCalls, async () => (await import('./containers/files.ts')).fileCalls(connection)),
    events: async (options) => (await import('./events/events.ts')).events(connection, adapter, options),
    exec: lazily(operations.exec, async () => (await import('./containers/exec.ts')).execOf(connection)),
    images: lazily(operations.images, async () =>
      (await import('./images/images.ts')).imagesOf(connection, adapter, env),
    ),
    networks: lazily(operations.networks, async () => (await import('./networks/networks.ts')).networksOf(connection)),
    compose: lazily(operations.compose, async () =>
      (await import('./plugins/compose.ts')).composeOf(connection, env, isPodman ? 'podman' : 'docker'),
    ),
    volumes: lazily(operations.volumes, async () => (await import('./networks/volumes.ts')).volumesOf(connection)),
    tasks: lazily(operations.tasks, async () => (await import('./emulated/tasks.ts')).tasksOf(adapter)),
    snapshots: lazily(operations.snapshots, async () => (await import('./emulated/snapshots.ts')).snapshotsOf(adapter)),
  };
  const adapter = completed(isPodman ? asPodman(basic, libpod) : basic, lacks.cni);
  return guarded(adapter);
}

async function getOrMissing(
  api: Api,
  path: string,
  what: string,
  signal: AbortSignal,
  query: Query = {},
): Promise<unknown> {
  const response = await api({ method: 'GET', path, query, signal });
  if (response.status !== 404) return bodyOf(response, what);
  await response.discard();
  return undefined;
}

async function exists(api: Api, path: string, signal: AbortSignal): Promise<boolean | undefined> {
  const response = await api({ method: 'GET', path, signal });
  await response.discard();
  if (response.status === 200) return true;
  return response.status === 404 ? false : undefined;
}

async function bodyOf(response: ApiResponse, what: string): Promise<unknown> {
  if (response.status !== 200) throw await refusal(response, what);
  return response.json();
}

/** Of an image it is asked for in JSON, unlike elsewhere. */
function platformQuery(platform: string): string {
  const [os, architecture, variant] = platform.split('/');
  return JSON.stringify({ os, architecture, variant });
}

function canBeImage(reference: string): boolean {
  try {
    parseReference(reference);
    return true;
  } catch {
    return false;
  }
}

/** The engine runs its host's `ps`; a small host has none that knows these columns. */
async function processes(api: Api, id: string, signal: AbortSignal): Promise<HostProcess[] | undefined> {
  const query = { ps_args: '-eo pid,mntns,comm' };
  const ask = (): Promise<ApiResponse> => api({ method: 'GET', path: pathOf(id, 'top'), query, signal });
  let response = await ask();
  // It fails, too, when a control group within the container's goes away just now, as those of nested containers do.
  for (let left = 2; left > 0 && response.status === 500; left -= 1) {
    await response.discard();
    response = await ask();
  }
  if (response.status !== 200) {
    await response.discard();
    return undefined;
  }
  return readProcesses(await response.json()).map((row) => ({
    pid: Number(row.get('PID')),
    mountNamespace: row.get('MNTNS') ?? '',
    comm: row.get('COMMAND') ?? '',
  }));
}

type OutputQuery = Readonly<Record<string, string | number | boolean>>;

async function output(
  api: Api,
  id: string,
  verb: 'attach' | 'logs',
  query: OutputQuery,
  signal: AbortSignal,
): Promise<{ chunks: AsyncIterable<OutputChunk>; startedAt: string | undefined }> {
  const inspected = await getOrMissing(api, pathOf(id, 'json'), 'inspect the container', signal);
  if (inspected === undefined) throw new NotFoundError('container', id);
  const { settings, state } = readContainer(inspected);
  const method = verb === 'attach' ? 'POST' : 'GET';
  const response = await api({ method, path: pathOf(id, verb), query, signal, timeoutMs: slowCallMs });
  // Podman prepares the start already when it is attached to.
  if (response.status !== 200) throw await startRefusal(response, id, `give the output of ${id.slice(0, 12)}`);
  const chunks = response.stream();
  return { chunks: settings.tty ? raw(chunks) : demultiplex(chunks), startedAt: state.startedAt };
}
