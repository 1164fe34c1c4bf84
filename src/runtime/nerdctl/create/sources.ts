import type { ContainerSettings } from '../../settings.ts';
import type { Client } from '../command/client.ts';

/**
 * The first path of the host that is to be mounted and is not there. nerdctl makes a folder in its place. Undefined
 * where we are not on the host, and cannot look.
 */
export async function missingSources(
  client: Client,
  { binds = [], mounts = [] }: ContainerSettings,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!client.way.onHost) return undefined;
  const ofBinds = binds.map((bind) => bind.split(':', 1)[0] ?? '').filter((source) => source.startsWith('/'));
  const ofMounts = mounts.flatMap(({ type, source }) => (type === 'bind' && source !== undefined ? [source] : []));
  const paths = [...new Set([...ofBinds, ...ofMounts])];
  const answers = await Promise.all(paths.map((path) => client.runProgram(['test', '-e', path], { signal })));
  // 127 and the like: the host has no `test`.
  return paths.find((_, at) => answers[at]?.exitCode === 1 && answers[at]?.stderr === '');
}

/** A place of a mount that no container has: it would show when it is started, which may be hours away. */
export function relativeTarget({ mounts = [], tmpfs = {}, volumes = [] }: ContainerSettings): string | undefined {
  const targets = [...mounts.map(({ target }) => target), ...Object.keys(tmpfs), ...volumes];
  return targets.find((target) => !target.startsWith('/'));
}
