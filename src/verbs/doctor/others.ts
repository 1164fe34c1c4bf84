import type { Environment } from '../../plan/input.ts';
import { detectRuntime } from '../../runtime/detect.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { identifySelf } from '../../self/identify.ts';
import { type Check, type Finding, ok, type Scene, warning } from './check.ts';

const quiet = (): void => {};
const names = ['DOCKER_HOST', 'DOCKER_CONTEXT', 'CONTAINER_HOST'];

/** The engine that would be found if none were named: where the named one fails, it may be the one that is meant. */
export const others: Check = {
  name: 'others',
  why: 'with several engines, the one that is asked may not be the one that made this container',
  async look(scene) {
    const named = namedBy(scene);
    const [taken, other] = await Promise.all([unlessFailed(scene.runtime()), unlessFailed(usual(scene, named))]);
    try {
      if (other === undefined || other.description === taken?.description) return ok('no other engine answers');
      return await compare(scene, other, named);
    } finally {
      await other?.close();
    }
  },
};

/** The variables that name an engine. */
export function namedBy({ env, asked }: Pick<Scene, 'env' | 'asked'>): string[] {
  return [...names.filter((name) => env[name]), ...(asked.runtime === 'auto' ? [] : ['OFFSHOOT_RUNTIME'])];
}

async function compare(scene: Scene, other: Runtime, named: readonly string[]): Promise<Finding> {
  if ((await unlessFailed(scene.self())) !== undefined) return ok(`another engine answers, too: ${other.description}`);
  const without = named.length === 0 ? 'another engine' : `without ${named.join(' and ')} another engine`;
  const ours = await unlessFailed(identifySelf(other, { signal: scene.signal, report: quiet, hint: scene.asked.hint }));
  const says = `${without} answers: ${other.description}`;
  const mend = named.length === 0 ? `Ask for it: OFFSHOOT_RUNTIME=${other.kind}.` : `Unset ${named.join(' and ')}.`;
  return ours === undefined ? warning(says) : warning(`${says}; it made this container (${ours.record.name})`, mend);
}

/** Of what is asked for, nothing but what does not name an engine. */
function usual({ env, asked, signal }: Scene, named: readonly string[]): Promise<Runtime> {
  const open: Environment = { ...env, ...Object.fromEntries(names.map((name) => [name, undefined])) };
  const { namespace, host } = asked;
  const preference = named.length === 0 ? 'nerdctl' : 'auto';
  return detectRuntime(preference, open, { namespace, host, signal, report: quiet });
}

async function unlessFailed<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
