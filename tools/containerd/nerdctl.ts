import { execa } from 'execa';
import { hostPath } from './prepare.ts';
import type { ContainerdHost, NerdctlOptions, NerdctlResult } from './types.ts';

/** nerdctl on a host, as somebody would run it who has nothing in the environment. */
export async function runNerdctl(
  { enter, namespace }: Pick<ContainerdHost, 'enter' | 'namespace'>,
  args: readonly string[],
  options: NerdctlOptions = {},
): Promise<NerdctlResult> {
  const [file, ...before] = enter;
  const chosen = options.namespace ?? namespace;
  const flags = chosen === undefined ? [] : ['--namespace', chosen];
  // nsenter runs it as a child: when we end nsenter, the child is to end too.
  const withUs = ['setpriv', '--pdeathsig', 'KILL'];
  const { exitCode, stdout, stderr } = await execa(
    file,
    [...before, '--', 'env', '-i', `PATH=${hostPath}`, 'HOME=/root', ...withUs, 'nerdctl', ...flags, ...args],
    {
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      ...(options.signal && { cancelSignal: options.signal }),
      reject: false,
    },
  );
  options.signal?.throwIfAborted();
  return { exitCode: exitCode ?? -1, stdout, stderr };
}
