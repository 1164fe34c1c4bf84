import { randomUUID } from 'node:crypto';
import type { ContainerdHost } from '../../tools/containerd/index.ts';
import type { LaunchResult } from '../../src/launch/result.ts';
import { nerdctlOk } from './containerd-host.ts';

export interface Launched {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Where stdout is one. */
  readonly result: LaunchResult;
}

export interface LaunchAsked {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly words: readonly string[];
}

/** What the host's own nerdctl tells of a container. */
export interface Told {
  readonly ID: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Spec: {
    readonly process: { readonly args: readonly string[]; readonly env: readonly string[] };
    readonly mounts: readonly { readonly destination: string; readonly source: string }[];
    readonly linux: {
      readonly namespaces: readonly { readonly type: string }[];
      readonly maskedPaths?: readonly string[];
    };
    readonly hooks: unknown;
  };
}

/** Containers on a host of containerd that launch others, by the nerdctl that only the host has. */
export interface NerdctlLab {
  readonly host: ContainerdHost;
  ok(...args: string[]): Promise<string>;
  /** As Tinkerbell's agent runs an action: privileged, with the host's process ids. */
  launch(asked: LaunchAsked): Promise<Launched>;
  native(reference: string): Promise<Told>;
  state(reference: string): Promise<{ Status: string; ExitCode: number; StartedAt: string; Pid: number }>;
  /** What it has said, both streams together. */
  logsOf(reference: string): Promise<string>;
  /** Names of all containers whose name begins so. */
  names(prefix: string): Promise<string[]>;
  /** Another one at each call. */
  name(): string;
  cleanUp(): Promise<void>;
}

export const privileged: readonly string[] = ['--privileged', '--pid', 'host'];

export function nerdctlLab(host: ContainerdHost): NerdctlLab {
  const mark = randomUUID().slice(0, 6);
  let count = 0;
  const ok = (...args: string[]): Promise<string> => nerdctlOk(host, ...args);
  const name = (): string => `self-${mark}-${++count}`;
  return {
    host,
    ok,
    name,
    async launch({ image = 'offshoot:dev', env = {}, flags = privileged, words }) {
      const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
      const named = flags.includes('--name') ? [] : ['--name', name()];
      const { exitCode, stdout, stderr } = await host.nerdctl([
        'run',
        ...named,
        ...flags,
        ...variables,
        image,
        ...words,
      ]);
      return {
        exitCode,
        stdout,
        stderr,
        get result() {
          return JSON.parse(stdout) as LaunchResult;
        },
      };
    },
    native: async (reference) =>
      (JSON.parse(await ok('container', 'inspect', '--mode=native', reference)) as [Told])[0],
    state: async (reference) =>
      JSON.parse(await ok('container', 'inspect', '--format', '{{json .State}}', reference)) as Awaited<
        ReturnType<NerdctlLab['state']>
      >,
    async logsOf(reference) {
      const { stdout, stderr } = await host.nerdctl(['logs', reference]);
      return `${stdout}\n${stderr}`;
    },
    names: async (prefix) =>
      (await ok('ps', '--all', '--format', '{{.Names}}')).split('\n').filter((one) => one.startsWith(prefix)),
    async cleanUp() {
      const ids = (await ok('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter(Boolean);
      if (ids.length > 0) await ok('rm', '--force', '--volumes', ...ids);
    },
  };
}
