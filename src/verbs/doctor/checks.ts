import { NotSupportedError } from '../../errors.ts';
import { formatDuration, parseDuration } from '../../plan/duration.ts';
import { localImage } from '../../launch/image.ts';
import { parseDockerConfig } from '../../registry/config.ts';
import { sourcesIn } from '../../registry/sources.ts';
import { usualAge } from '../../plan/sweeping.ts';
import { sweep } from '../../sweep/sweep.ts';
import { type Check, type Finding, ok, problem, resting, skipped, warning } from './check.ts';
import { others } from './others.ts';

/** A second is what engines tell at least; more is a clock that is wrong. */
const mostSkewMs = 5_000;

const policy: Check = {
  name: 'policy',
  why: 'a policy that is baked into the image and cannot be understood forbids everything',
  async look(scene) {
    try {
      const found = await scene.policy();
      return ok(found === undefined ? 'there is none: everything is allowed' : `${found.file} says what is allowed`);
    } catch (error) {
      return problem(error);
    }
  },
};

const request: Check = {
  name: 'request',
  why: 'a variable that is wrong ends a launch before anything is done',
  async look(scene) {
    try {
      const plan = await scene.plan();
      return plan === undefined
        ? skipped('OFFSHOOT_IMAGE is not set: nothing is asked for by variables')
        : ok(`a sibling of ${plan.image} is asked for`);
    } catch (error) {
      return problem(error);
    }
  },
};

const engine: Check = {
  name: 'engine',
  why: 'an engine has to make the sibling',
  async look(scene) {
    try {
      return ok((await scene.runtime()).description);
    } catch (error) {
      return problem(error);
    }
  },
};

const self: Check = {
  name: 'self',
  why: 'what is cloned is the container that we are in, and it has to be proved which one that is',
  look: (scene) =>
    resting(scene.runtime(), async () => {
      try {
        const { record, proof } = await scene.self();
        return ok(`we are ${record.name}: ${proof}`);
      } catch (error) {
        return problem(error);
      }
    }),
};

const later: Check = {
  name: 'later',
  why: 'a launch with a delay or conditions needs a waiter, which needs our way to the engine',
  look: (scene) =>
    resting(Promise.all([scene.runtime(), scene.self()]), async ([runtime, { record }]) => {
      try {
        runtime.access(record);
        return ok('a waiter can be given our way to the engine');
      } catch (error) {
        return { ...problem(error), outcome: 'warning' };
      }
    }),
};

const image: Check = {
  name: 'image',
  why: 'an image that is missing has to be pulled first',
  look: (scene) =>
    resting(Promise.all([scene.runtime(), scene.plan()]), async ([runtime, plan]) => {
      if (plan === undefined || plan.image === 'self') return skipped('no other image is asked for');
      const found = await localImage(plan, runtime, scene);
      if (found !== undefined) return ok(`${plan.image} is on the engine`);
      return plan.pull === 'never'
        ? warning(
            `${plan.image} is not on the engine, and may not be pulled`,
            'Pull it, or let OFFSHOOT_PULL be missing.',
          )
        : ok(`${plan.image} is not on the engine, and will be pulled`);
    }),
};

const logins: Check = {
  name: 'logins',
  why: 'images that are not public need the login for their registry',
  async look({ env }): Promise<Finding> {
    const read: string[] = [];
    for (const source of sourcesIn(env)) {
      const { name } = source;
      try {
        const json = source.read();
        if (json === undefined) continue;
        const { auths, credHelpers, credsStore, problems } = parseDockerConfig(json);
        if (problems.length > 0) return warning(`${name}: ${problems.join('; ')}`, 'Log in again: docker login.');
        const count = auths.size + credHelpers.size;
        read.push(
          `${name}: for ${count} registries${credsStore === undefined ? '' : `, and of the helper ${credsStore}`}`,
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return warning(`${name} cannot be used: ${reason}`, 'Mend or remove it: pulls go on without a login.');
      }
    }
    return read.length === 0 ? ok('there are none: images are pulled as anybody') : ok(read.join('; '));
  },
};

const clock: Check = {
  name: 'clock',
  why: 'OFFSHOOT_AT and what is found by its time rest on the same time here and there',
  look: (scene) =>
    resting(scene.runtime(), async (runtime) => {
      const before = Date.now();
      const theirs = await runtime.clock({ signal: scene.signal });
      const skew = Math.max(before - theirs, theirs - Date.now(), 0);
      return skew > mostSkewMs
        ? warning(`the engine's clock differs from ours by ${formatDuration(skew)}`, 'Have both set by NTP.')
        : ok("the engine's clock is ours");
    }),
};

const leftovers: Check = {
  name: 'leftovers',
  why: 'launches that were killed leave containers behind, which keep their names',
  look: (scene) =>
    resting(scene.runtime(), async (runtime) => {
      const asked = { olderThanMs: parseDuration(usualAge), dryRun: true };
      const { removed } = await sweep(asked, runtime, { signal: scene.signal, report: () => {} });
      if (removed.length === 0) return ok('there are none');
      const names = removed.map(({ name }) => name);
      return warning(
        `${names.length}: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}`,
        'offshoot sweep',
      );
    }),
};

export const checks: readonly Check[] = [policy, request, engine, self, others, later, image, logins, clock, leftovers];

/** Never rejects, unless it is aborted. */
export async function perform(check: Check, scene: Parameters<Check['look']>[0]): Promise<Finding> {
  try {
    return await check.look(scene);
  } catch (error) {
    scene.signal.throwIfAborted();
    return error instanceof NotSupportedError ? skipped(error.message) : { ...problem(error), outcome: 'warning' };
  }
}
