import { accessSync, constants, existsSync, readlinkSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { EngineUnavailableError } from '../../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type HostMode = 'auto' | 'always' | 'never';

/** How a program is run that sees what containerd sees. */
export interface Way {
  /** On the host, by way of its first process; else where we are. */
  readonly onHost: boolean;
  /** Stands before the name of a program. */
  readonly enter: readonly string[];
  /** All that the program gets: nerdctl writes its environment into every container that it makes. */
  readonly env: Readonly<Record<string, string>>;
  /** Name or path of it. */
  readonly nerdctl: string;
  /** containerd's socket, where nerdctl would take another one. */
  readonly address: string | undefined;
}

/** An image without an nsenter of its own has ours. */
const ownTools = '/opt/offshoot/bin';
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const usualAddress = '/run/containerd/containerd.sock';
const flagsOfNsenter = ['-t', '1', '-m', '-u', '-i', '-n', '--'];

/** Ours, the host's (or another container's, by `--pid container:`), or nothing that we may look at. */
type FirstProcess = 'ours' | 'another' | 'unknown';

/** What is known of where we are. */
export interface Standpoint {
  readonly first?: FirstProcess | undefined;
  /** containerd's socket, as the host has it. */
  readonly address?: string | undefined;
}

/** @throws EngineUnavailableError */
export function findWay(
  env: Environment,
  mode: HostMode,
  { first = firstProcess(), address: ofHost }: Standpoint = {},
): Way {
  const path = searchPath(env);
  const nerdctl = programIn(path, 'nerdctl');
  const named = (env['CONTAINERD_ADDRESS'] ?? '').replace(/^unix:\/\//, '') || undefined;
  const address = named ?? [ofHost, usualAddress].find((file) => file !== undefined && isSocket(file)) ?? usualAddress;
  const here = nerdctl !== undefined && isSocket(address);
  if (mode === 'never' || (mode === 'auto' && (here || first === 'ours'))) {
    if (nerdctl === undefined) throw noNerdctl(mode, first);
    if (mode === 'auto' && !here) throw noSocket(address);
    return {
      onHost: false,
      enter: [],
      env: { PATH: path, HOME: env['HOME'] || '/root' },
      nerdctl,
      address: named ?? (here ? address : undefined),
    };
  }
  if (first === 'ours')
    throw new EngineUnavailableError(
      'this container has process ids of its own: there is no way to the nerdctl of its host',
      {
        hint: 'Run it with --privileged --pid host; or give it nerdctl and what belongs to it, and OFFSHOOT_HOST=never.',
      },
    );
  const nsenter = programIn(`${path}:${ownTools}`, 'nsenter');
  if (nsenter === undefined)
    throw new EngineUnavailableError('there is no nsenter in this container, to run nerdctl on its host with', {
      hint: 'It is in util-linux and in busybox; add one of them to the image.',
    });
  // Without -p: our process namespace is the host's already, and no child is left behind that would have to be found.
  return {
    onHost: true,
    enter: [nsenter, ...flagsOfNsenter],
    env: { PATH: usualPath, HOME: '/root' },
    nerdctl: 'nerdctl',
    address: named ?? ofHost,
  };
}

/** Read at each call: nothing of it is remembered. */
function firstProcess(): FirstProcess {
  try {
    return readlinkSync('/proc/1/ns/mnt') === readlinkSync('/proc/self/ns/mnt') ? 'ours' : 'another';
  } catch {
    return 'unknown';
  }
}

function searchPath(env: Environment): string {
  const own = (env['PATH'] ?? '').split(':').filter(isAbsolute);
  return [...new Set([...own, ...usualPath.split(':')])].join(':');
}

export function programIn(path: string, name: string): string | undefined {
  return path
    .split(':')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

function noNerdctl(mode: HostMode, first: FirstProcess): EngineUnavailableError {
  const privateIds = first === 'ours' ? ', and it has process ids of its own' : '';
  return new EngineUnavailableError(`there is no nerdctl in this container${mode === 'auto' ? privateIds : ''}`, {
    hint: 'Run it with --privileged --pid host, to use the one of its host; or mount nerdctl at the path where the host has it.',
  });
}

function noSocket(path: string): EngineUnavailableError {
  const kind = existsSync(path) ? 'no socket' : 'missing';
  return new EngineUnavailableError(`there is no socket of containerd: ${path} is ${kind}`, {
    hint: 'Run this container with --privileged --pid host, to use that of its host; CONTAINERD_ADDRESS names another.',
  });
}
