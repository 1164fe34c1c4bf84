import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { expect, it, type TestAPI, vi } from 'vitest';
import type { OffshootEvent } from '../../src/events.ts';
import { label } from '../../src/launch/labels.ts';
import type { LaunchResult } from '../../src/launch/result.ts';
import type { Finished } from './docker.ts';
import { type Canary, newCanary } from './canaries.ts';
import { isPodman } from './podman.ts';

/** What of an engine a lab needs: one of the shared ones, or one that a test has started for itself. */
export interface LabEngine {
  readonly host: string;
  readonly socket: string;
  readonly docker: string;
}

export interface LaunchRequest {
  /** Of the container that launches; its last part. */
  readonly name?: string;
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More flags of `docker run`. */
  readonly flags?: readonly string[];
  /** What comes after the image. */
  readonly words?: readonly string[];
  /** What is mounted as the engine's socket; `false`: nothing. */
  readonly socket?: string | false;
  /** Without the variable that every container of a test else has, whose value nobody may tell. */
  readonly canary?: false;
}

export interface Launched extends Finished {
  /** Id of the container that launched. */
  readonly self: string;
  /** The last line of stdout, which is the only one unless there is a terminal; throws when that is no JSON. */
  readonly result: LaunchResult;
  /** The lines of stderr. */
  readonly events: readonly OffshootEvent[];
}

export interface StartEvent {
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
}

export type Lab = ReturnType<typeof labOn>;

/** Tests with a lab of their own on that engine, in which nothing is left behind. */
export function labTest(engine: LabEngine | (() => LabEngine)): TestAPI<{ lab: Lab }> {
  return it.extend<{ lab: Lab }>({
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from it which other fixtures this one needs
    lab: async ({}, use) => {
      const lab = labOn(typeof engine === 'function' ? engine() : engine);
      try {
        await use(lab);
        await lab.checkSecrets();
      } finally {
        await lab.cleanUp();
      }
    },
  });
}

/** The docker command line and API of one engine, for one test; knows what that test has made, and what grew from it. */
export function labOn(engine: LabEngine) {
  const mark = `lab-${randomBytes(5).toString('hex')}`;
  /** A variable of every container that this test makes, and of what grows from it. */
  const canary: Canary = newCanary();
  const api = new Docker({ socketPath: engine.socket });
  // The classic builder: it needs no plugin.
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: '/nonexistent', DOCKER_BUILDKIT: '0' };

  const spawn = execa({ env, reject: false, stdin: 'ignore' });

  async function docker(...args: string[]): Promise<Finished> {
    const { exitCode, stdout, stderr } = await spawn(engine.docker, args);
    return { exitCode: exitCode ?? -1, stdout, stderr };
  }

  async function ok(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await docker(...args);
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${exitCode}: ${stderr}`);
    return stdout;
  }

  function runFlags({ name, image = 'offshoot:dev', env: asked = {}, flags = [], words = [], ...more }: LaunchRequest) {
    const { socket = engine.socket, canary: planted = true } = more;
    return [
      ...['--label', mark, ...(name === undefined ? [] : ['--name', nameOf(name)])],
      ...(socket === false ? [] : ['-v', `${socket}:/var/run/docker.sock`]),
      ...Object.entries({ ...(planted && canary.env), ...asked }).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
      ...flags,
      image,
      ...words,
    ];
  }

  const nameOf = (name: string): string => `${mark}-${name}`;

  async function containers(labels: readonly string[]): Promise<string[]> {
    const found = await api.listContainers({ all: true, filters: { label: [...labels] } });
    return found.map(({ Id }) => Id);
  }

  /** Of containers that are there, or were. */
  async function descendants(...ids: string[]): Promise<string[]> {
    const children = (await Promise.all(ids.map((id) => containers([`${label.parent}=${id}`])))).flat();
    return children.length === 0 ? [] : [...children, ...(await descendants(...children))];
  }

  async function exists(id: string): Promise<boolean> {
    return (await api.listContainers({ all: true, filters: { id: [id] } })).length > 0;
  }

  let launches = 0;
  const folders: string[] = [];

  return {
    engine,
    api,
    mark,
    /** For what `docker` is too simple: `spawn(engine.docker, args, options)`. */
    spawn,
    docker,
    ok,
    nameOf,
    runFlags,
    containers,
    descendants,

    /** `docker run` of a container that launches, until it has ended. */
    async launch({ name = `launcher-${(launches += 1)}`, ...request }: LaunchRequest): Promise<Launched> {
      const finished = await docker('run', ...runFlags({ name, ...request }));
      canary.mustNotBeIn(finished.stdout + finished.stderr, 'the output of a launch');
      const { Id } = await api.getContainer(nameOf(name)).inspect();
      return {
        ...finished,
        self: Id,
        get result() {
          const line = finished.stdout.split('\n').at(-1) ?? '';
          if (line === '') throw new Error(`no result: ${finished.exitCode}: ${finished.stderr.split('\n').at(-1)}`);
          return JSON.parse(line) as LaunchResult;
        },
        get events() {
          return eventsIn(finished.stderr);
        },
      };
    },

    /** A container in the background; its id. */
    start: (request: LaunchRequest): Promise<string> => ok('run', '-d', ...runFlags(request)),

    inspect: (id: string): Promise<Docker.ContainerInspectInfo> => api.getContainer(id).inspect(),

    exists,

    /** Its exit code, once it has ended. */
    async ended(id: string): Promise<number> {
      const { StatusCode } = (await api.getContainer(id).wait()) as { StatusCode: number };
      return StatusCode;
    },

    /** Resolves when there is no such container any more. */
    async gone(id: string): Promise<void> {
      await eventually(async () => expect(await exists(id)).toBe(false));
    },

    async logs(id: string): Promise<{ stdout: string; stderr: string }> {
      const { stdout, stderr } = await docker('logs', id);
      return { stdout, stderr };
    },

    /** The starts of siblings of that container since then (milliseconds of the wall clock), also of removed ones. */
    async startsOf(self: string, since: number): Promise<StartEvent[]> {
      const filters = ['type=container', 'event=start', `label=${label.parent}=${self}`, `label=${label.role}=sibling`];
      // Podman tells nothing of a time that ends in the past.
      const until = ((Date.now() + (isPodman(engine) ? 1_000 : 0)) / 1000).toFixed(3);
      const range = ['--since', (since / 1000).toFixed(3), '--until', until];
      const flags = filters.flatMap((filter) => ['--filter', filter]);
      const lines = await ok('events', ...range, ...flags, '--format', '{{json .}}');
      const events = eventsIn(lines) as unknown as StartEvent[];
      // It takes one of several labels for enough.
      return events.filter(
        ({ Actor: { Attributes } }) => Attributes[label.parent] === self && Attributes[label.role] === 'sibling',
      );
    },

    /** A folder of the engine's host, which goes with the rest. */
    async folder(): Promise<string> {
      const folder = await mkdtemp(join(tmpdir(), `offshoot-${mark}-`));
      folders.push(folder);
      return folder;
    },

    volume: (name: string): Promise<string> => ok('volume', 'create', '--label', mark, nameOf(name)),
    network: (name: string): Promise<string> => ok('network', 'create', '--label', mark, nameOf(name)),

    /** What is left of the test's containers: no label has the value of a variable, and no waiter has told one. */
    async checkSecrets(): Promise<void> {
      const own = await containers([mark]);
      const made = new Set(await descendants(...own));
      if (made.size === 0) return;
      const all = await api.listContainers({ all: true, filters: { id: [...made] } });
      canary.mustNotBeIn(JSON.stringify(all.map(({ Labels, Names, Image }) => [Labels, Names, Image])), 'a label');
      for (const { Id } of all.filter(({ Labels }) => Labels[label.role] === 'waiter')) {
        const { stdout, stderr } = await docker('logs', Id);
        canary.mustNotBeIn(stdout + stderr, 'the log of a waiter');
      }
    },

    async cleanUp(): Promise<void> {
      const known = new Set<string>();
      for (;;) {
        const own = await containers([mark]);
        const there = [...new Set([...own, ...(await descendants(...known, ...own))])];
        // What one of them has launched while it was removed is found in the next round.
        if (there.length === 0) break;
        for (const id of there) known.add(id);
        await docker('rm', '-f', '-v', ...there);
      }
      for (const kind of ['volume', 'network']) {
        const names = (await ok(kind, 'ls', '-q', '--filter', `label=${mark}`)).split('\n').filter(Boolean);
        if (names.length > 0) await ok(kind, 'rm', ...names);
      }
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Until `check` no longer throws; long enough for a busy machine. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 50 });
}

export function eventsIn(stderr: string): OffshootEvent[] {
  return stderr
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OffshootEvent);
}
