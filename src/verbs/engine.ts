import type { AskingLine } from '../plan/argv.ts';
import { type FindingSelf, parseFindingSelf } from '../plan/finding-self.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { PolicyError } from '../errors.ts';
import { detectRuntime } from '../runtime/detect.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { identifySelf, type Self } from '../self/identify.ts';
import type { VerbContext } from './context.ts';

/** The engine that a verb asks, and what may be asked of it. */
export interface Engine {
  readonly runtime: Runtime;
  /** Of our image. With one, only containers that this one has launched may be asked about. */
  readonly policy: Policy | undefined;
  /** The container that we run in. @throws SelfNotFoundError */
  readonly self: () => Promise<Self>;
}

/** Runs `use` with the engine that the line asks for, and ends all that it has opened. */
export async function withEngine(
  line: AskingLine,
  context: VerbContext,
  use: (engine: Engine) => Promise<number>,
): Promise<number> {
  const { env, signal, report, readFile } = context;
  const policy = loadPolicy();
  const asked: FindingSelf = parseFindingSelf({ env, flags: line.flags, readFile });
  const runtime = await detectRuntime(asked.runtime, env, { ...asked, signal, report });
  let self: Promise<Self> | undefined;
  try {
    return await use({
      runtime,
      policy,
      self: () => (self ??= identifySelf(runtime, { signal, report, hint: asked.hint })),
    });
  } finally {
    await runtime.close();
  }
}

/** @throws PolicyError where there is a policy */
export function forbidUnderPolicy(policy: Policy | undefined, what: string): void {
  if (policy === undefined) return;
  const problem = `${what} is not for images with a policy; what this container has launched can be asked about`;
  throw new PolicyError(policy.file, [{ rule: 'containers', problem }]);
}
