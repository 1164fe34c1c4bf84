import { availableParallelism } from 'node:os';
import type { TestProject } from 'vitest/node';
import {
  dockerKinds,
  type Engine,
  type EngineKind,
  engineKinds,
  isEngineKind,
  startEngine,
  sweepEngines,
} from '../../tools/engines/index.ts';
import { buildImages } from '../../tools/image.ts';
import { importBusybox } from './payload-image.ts';

/** What a test needs to know of an engine that runs for it. */
export interface TestEngine {
  readonly kind: EngineKind;
  readonly host: string;
  readonly socket: string;
  readonly docker: string;
  readonly cgroup: 1 | 2;
  readonly imageStore: Engine['imageStore'];
  readonly apiVersion: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Those that every test runs on: Docker's, or the ones that were asked for. */
    engines: TestEngine[];
    /** Podman's as well, for tests that know what it does otherwise. */
    allEngines: TestEngine[];
  }
}

/** Real engines for all files of a project, each with the payload image and the images of offshoot. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.users += 1;
  shared.engines ??= startAll();
  const engines = await shared.engines;
  const all = engines.map(factsOf);
  project.provide('allEngines', all);
  project.provide(
    'engines',
    all.filter(({ kind }) => usualKinds().includes(kind)),
  );
  return async () => {
    shared.users -= 1;
    if (shared.users === 0) await Promise.all(engines.map((engine) => engine.stop()));
  };
}

function factsOf({ kind, host, socket, docker, cgroup, imageStore, apiVersion }: Engine): TestEngine {
  return { kind, host, socket, docker, cgroup, imageStore, apiVersion };
}

/** Each project evaluates this module for itself, but in one process: the engines are the same for all of them. */
const shared = sharedState();

interface SharedState {
  users: number;
  engines?: Promise<Engine[]>;
}

function sharedState(): SharedState {
  const holder = globalThis as { offshootTestEngines?: SharedState };
  return (holder.offshootTestEngines ??= { users: 0 });
}

async function startAll(): Promise<Engine[]> {
  await sweepEngines();
  const engines = await Promise.all(wantedKinds().map((kind) => startEngine(kind)));
  try {
    // One after the other where there are few processors: each sends a hundred megabytes.
    const width = Math.max(1, Math.floor(availableParallelism() / 2));
    for (let at = 0; at < engines.length; at += width) {
      await Promise.all(
        engines.slice(at, at + width).map(async (engine) => {
          await importBusybox(engine);
          await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
        }),
      );
    }
    return engines;
  } catch (error) {
    await Promise.all(engines.map((engine) => engine.stop()));
    throw error;
  }
}

const usualKinds = (): readonly EngineKind[] => askedKinds() ?? dockerKinds;
const wantedKinds = (): readonly EngineKind[] => askedKinds() ?? [...dockerKinds, 'podman-4.3'];

/** `OFFSHOOT_TEST_ENGINES=docker-28.5,docker-20.10` narrows them, for a quick turn at one's desk. */
function askedKinds(): readonly EngineKind[] | undefined {
  const asked = process.env['OFFSHOOT_TEST_ENGINES']?.split(',').filter(Boolean) ?? [];
  const unknown = asked.filter((kind) => !isEngineKind(kind));
  if (unknown.length > 0)
    throw new Error(`OFFSHOOT_TEST_ENGINES: unknown ${unknown.join(', ')}; expected ${engineKinds.join(', ')}`);
  return asked.length > 0 ? asked.filter(isEngineKind) : undefined;
}
