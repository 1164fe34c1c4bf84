import { existsSync } from 'node:fs';
import { EngineRefusedError, ImageUnavailableError } from '../../errors.ts';
import { type BasicAdapter, completed, notSupported } from '../complete.ts';
import { guarded } from '../guarded.ts';
import type { Runtime } from '../runtime.ts';
import { accessSettings } from './access.ts';
import { clientBinds } from './coo-binds.ts';
import { connect, type NerdctlOptions } from './connect.ts';
import { checkedRequest, createContainer } from './create.ts';
import { isMissing, refusal, unavailable } from './failures.ts';
import { createNames } from './names.ts';
import { logs, waitFor } from './output.ts';
import { isProcessOf, processesAround } from './processes.ts';
import { pullImage } from './pull.ts';
import { removeContainer } from './remove.ts';
import { type Attachment, attachBefore, startDetached } from './start.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const notYet = 'this version of offshoot does not do it with nerdctl';

/** Measured, with nerdctl 2.2.2: on a busy machine the last kilobytes are missing every few times. */
const lossy = 'nerdctl can lose the last that a container says when it ends at once';

/**
 * containerd, by way of the `nerdctl` command line: the one in this container, or the one of its host.
 * @throws EngineUnavailableError, InvalidRequestError
 */
export async function nerdctlRuntime(env: Environment, options: NerdctlOptions): Promise<Runtime> {
  const { client, lookup, images, place, description, abilities } = await connect(env, options);
  const { namespace } = place;
  const { way } = client;
  const names = createNames(client, lookup, namespace);
  const attachments = new Map<string, Attachment>();

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
    inspect: (reference, { signal }) => lookup.container(reference, signal),
    list: ({ labels, all, names: called, signal }) => lookup.list(exactLabels(labels, all, called), signal),

    async processes(id, { signal }) {
      signal.throwIfAborted();
      const pid = lookup.lastPid(id) ?? (await lookup.state(id, signal))?.pid;
      // On the host our process ids are those that containerd tells; elsewhere they may be others.
      return pid && (way.onHost || isProcessOf(pid, id)) ? processesAround(pid) : undefined;
    },

    async hasFile(id, path, { signal }) {
      const answer = await client.run(['exec', id, 'test', '-e', path], { signal });
      if (answer.exitCode === 0) return true;
      return /exec failed with exit code 1\b/.test(answer.stderr) ? false : undefined;
    },

    inspectImage: (reference, { signal }) => images.find(reference, signal),

    async pull(reference, { platform, signal }) {
      await orElsewhere(reference, signal, pullImage(client, reference, platform, signal));
      images.forget();
    },

    hasNetwork: (name, { signal }) => exists(['network', 'inspect', '--', name], /no network found/, signal),
    hasVolume: (name, { signal }) => exists(['volume', 'inspect', '--', name], /not found/, signal),

    createRequest: (spec) => checkedRequest(spec, abilities),
    create: (spec, { signal }) =>
      orElsewhere(spec.image, signal, createContainer(spec, { client, lookup, names, abilities }, signal)),

    async start(id, { signal }) {
      const attachment = attachments.get(id);
      attachments.delete(id);
      await (attachment === undefined ? startDetached(client, id, signal) : attachment.start(signal));
    },

    async attach(id, { signal }) {
      const record = await lookup.container(id, signal);
      if (record === undefined) throw new EngineRefusedError(`there is no container ${id.slice(0, 12)}`);
      if (record.state.startedAt !== undefined) return logs(client, { id: record.id, follow: true }, signal);
      options.report({ level: 'warn', event: 'warning', message: lossy });
      const attachment = attachBefore(client, record.id, (one, until) => lookup.state(one, until), signal);
      // A terminal's output is only kept in the log: a client would need a terminal of its own.
      if (!record.settings.tty) attachments.set(record.id, attachment);
      return attachment.chunks;
    },

    async logs(id, { tail, follow, since, signal }) {
      if (since !== undefined) throw notSupported('nerdctl', 'logs (since)', undefined, notYet);
      const state = await lookup.state(id, signal);
      if (state === undefined) throw new EngineRefusedError(`there is no container ${id.slice(0, 12)}`);
      return logs(client, { id, tail, follow }, signal);
    },

    async wait(id, { signal }) {
      const status = await waitFor(client, id, signal);
      const state = status === undefined ? await lookup.state(id, signal) : undefined;
      return { exitCode: status ?? state?.exitCode ?? 0 };
    },

    async kill(id, signalName, { signal }) {
      const answer = await client.run(['kill', '--signal', signalName, id], { signal });
      if (answer.exitCode === 0 || isMissing(answer)) return;
      if (/is not running|no running task|process already finished|not found/.test(answer.stderr)) return;
      throw refusal(answer, `send it ${signalName}`);
    },

    remove: (id, { signal, force = true }) => removeContainer(client, id, { lookup, force }, signal),

    access: (self) => accessSettings(way, namespace, env, self),
    cooBinds: () => clientBinds(way, existsSync),

    async ping({ signal }) {
      const answer = await client.run(['version'], { signal });
      if (answer.exitCode !== 0) throw unavailable(answer) ?? refusal(answer, 'answer');
    },
    version: async () => Promise.reject(notSupported('nerdctl', 'version', undefined, notYet)),
    close: async () => {},
  };
  return guarded(completed(adapter, notYet));

  /** An image that only another namespace has is not there, and nothing else would tell why. */
  async function orElsewhere<T>(image: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ImageUnavailableError) || signal.aborted) throw error;
      const others = await images.namespacesWith(image, namespace, signal);
      if (others.length === 0) throw error;
      throw new ImageUnavailableError(error.message, {
        cause: error,
        reason: error.reason,
        hint: `The namespace ${others.join(', ')} of containerd has it, ${namespace} has not: each has images of its own.`,
      });
    }
  }

  async function exists(args: readonly string[], absent: RegExp, signal: AbortSignal): Promise<boolean | undefined> {
    const answer = await client.run(args, { signal });
    if (answer.exitCode === 0) return true;
    const gone = unavailable(answer);
    if (gone !== undefined) throw gone;
    return absent.test(answer.stderr) ? false : undefined;
  }
}

/** The other filters are for later. */
function exactLabels(
  labels: Readonly<Record<string, string | true>> | undefined,
  all: boolean | undefined,
  names: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(labels ?? {}).map(([name, value]) => {
    if (value === true) throw notSupported('nerdctl', 'list', undefined, notYet);
    return [name, value] as const;
  });
  if (names !== undefined || (all !== undefined && all !== (labels !== undefined)))
    throw notSupported('nerdctl', 'list', undefined, notYet);
  return labels === undefined ? undefined : Object.fromEntries(entries);
}
