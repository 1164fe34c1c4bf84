import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerSummary } from '../../src/runtime/container.ts';
import { nerdctlRuntime } from '../../src/runtime/nerdctl/runtime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import type { ContainerdHost } from '../../tools/containerd/index.ts';
import { never } from './runtime.ts';

/** nerdctl keeps no label without a value, and the suite's mark is one: it has this value here. */
const valueOfMark = 'nerdctl-keeps-no-empty-label';

/** What is run beside nerdctl has to be on the host, too. */
export const programsOfHost: Readonly<Record<string, string>> = {
  nerdctl: '/usr/local/bin/nerdctl',
  ctr: '/usr/local/bin/ctr',
  sh: '/bin/sh',
  cat: '/bin/cat',
  test: '/usr/bin/test',
};

/** Hosts have it, see tools/containerd/host.sh. */
const markOfHost = '/run/containerd-host.cgroup';

/** A folder with a `nerdctl` that is the one of the host. */
export async function folderWithNerdctl(host: ContainerdHost): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-nerdctl-'));
  for (const [name, path] of Object.entries(programsOfHost)) {
    const enter = [...host.enter, '--', 'env', `PATH=${host.path}`, 'setpriv', '--pdeathsig', 'KILL', path];
    // What runs on the host already, such as a shell, finds it by the same path.
    const script = `#!/bin/sh\n[ -e ${markOfHost} ] && exec ${path} "$@"\nexec ${enter.join(' ')} "$@"\n`;
    await writeFile(join(folder, name), script);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

/** The runtime on a host of containerd, from outside of it. */
export async function runtimeOn(
  host: ContainerdHost,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Runtime> {
  const options = { signal: never, report: () => {}, host: 'never' as const };
  return nerdctlRuntime({ PATH: folder, OFFSHOOT_NAMESPACE: host.namespace ?? 'default', ...env }, options);
}

/** The same, which takes the suite's labels. */
export function withValues(runtime: Runtime): Runtime {
  const filled = <T extends string | true>(labels: Readonly<Record<string, T>>): Record<string, T | string> =>
    Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value || valueOfMark]));
  const emptied = <T extends ContainerSummary['labels']>(labels: T): Record<string, string> =>
    Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value === valueOfMark ? '' : value]));
  return {
    ...runtime,
    create: (spec, options) =>
      runtime.create({ ...spec, ...(spec.labels && { labels: filled(spec.labels) }) }, options),
    list: async ({ labels, ...options } = {}) =>
      (await runtime.list({ ...options, ...(labels && { labels: filled(labels) }) })).map((row) => ({
        ...row,
        labels: emptied(row.labels),
      })),
    async inspect(reference, options) {
      const record = await runtime.inspect(reference, options);
      if (record === undefined) return undefined;
      const { labels } = record.settings;
      const settings = { ...record.settings, ...(labels && { labels: emptied(labels) }) };
      return { ...record, settings, labels: emptied(record.labels) };
    },
  };
}

/** The words of a command line, with a value for the mark. */
export function withValue(args: readonly string[], mark: string): string[] {
  return args.map((word, at) => (args[at - 1] === '--label' && word === mark ? `${mark}=${valueOfMark}` : word));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
