import { EngineUnavailableError, ImageUnavailableError, NameTakenError, SelfNotFoundError } from '../../errors.ts';
import type { Reporter } from '../../events.ts';
import type { Scene } from './check.ts';
import { checks, perform } from './checks.ts';
import { namedBy } from './others.ts';
import { sceneOf, type SceneInput } from './scene.ts';

/** A launch has failed already: its end is not to wait for much. */
const patienceMs = 1_000;

/** The checks that can tell more than the error itself. Where no engine is named, all have been asked that could be. */
function telling(error: unknown, scene: Scene): readonly string[] {
  if (error instanceof EngineUnavailableError) return namedBy(scene).length === 0 ? [] : ['others'];
  if (error instanceof SelfNotFoundError) return ['others'];
  if (error instanceof ImageUnavailableError) return error.reason === 'denied' ? ['logins'] : [];
  return error instanceof NameTakenError ? ['leftovers'] : [];
}

/** What else is not as it should be where a launch has failed. Never rejects. */
export async function tellMore(error: unknown, input: SceneInput, report: Reporter): Promise<void> {
  if (input.signal.aborted) return;
  try {
    const scene = sceneOf({ ...input, signal: AbortSignal.any([input.signal, AbortSignal.timeout(patienceMs)]) });
    const wanted = telling(error, scene);
    try {
      for (const check of checks.filter(({ name }) => wanted.includes(name))) {
        const { outcome, says, mend } = await perform(check, scene);
        if (outcome !== 'problem' && outcome !== 'warning') continue;
        const message = mend === undefined ? says : `${says}\n${mend}`;
        report({ level: 'warn', event: 'doctor', message, check: check.name });
      }
    } finally {
      await scene.close();
    }
  } catch {
    // The error of the launch is the news.
  }
}
