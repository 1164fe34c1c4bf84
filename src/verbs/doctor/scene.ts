import type { StageOptions } from '../../events.ts';
import type { Environment } from '../../plan/input.ts';
import { parseFindingSelf } from '../../plan/finding-self.ts';
import type { FlagTexts } from '../../plan/argv.ts';
import { parsePlan } from '../../plan/plan.ts';
import { isTriggered } from '../../plan/trigger.ts';
import { inheritedByDefault } from '../../policy/inheritance.ts';
import { loadPolicy } from '../../policy/load.ts';
import { detectRuntime } from '../../runtime/detect.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { identifySelf } from '../../self/identify.ts';
import type { Scene } from './check.ts';

export interface SceneInput extends Pick<StageOptions, 'signal'> {
  readonly env: Environment;
  readonly flags: FlagTexts;
  readonly readFile: (path: string) => string;
}

/** @throws InvalidRequestError for flags and variables that say which engine to ask */
export function sceneOf({ env, flags, signal, readFile }: SceneInput): Scene & { close(): Promise<void> } {
  const asked = parseFindingSelf({ env, flags, readFile });
  const options = { signal, report: () => {} };
  const policy = once(async () => loadPolicy());
  let opened: Promise<Runtime> | undefined;
  const runtime = (): Promise<Runtime> => (opened ??= detectRuntime(asked.runtime, env, { ...asked, ...options }));
  return {
    env,
    asked,
    signal,
    policy,
    plan: once(async () => {
      if (!isTriggered(env)) return undefined;
      const allowed = await policy().catch(() => undefined);
      return parsePlan({
        env,
        flags,
        command: undefined,
        now: new Date(),
        inherit: allowed && inheritedByDefault(allowed),
        readFile,
      });
    }),
    runtime,
    self: once(async () => identifySelf(await runtime(), { ...options, hint: asked.hint })),
    async close() {
      const found = await opened?.catch(() => undefined);
      await found?.close();
    },
  };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= find());
}
