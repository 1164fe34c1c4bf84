import { InvalidRequestError, PolicyError } from '../errors.ts';
import { ensureImage, localImage } from '../launch/image.ts';
import { type KeyedMistake, readValue } from '../plan/read.ts';
import { parseReference } from '../plan/reference.ts';
import type { RequestValues } from '../plan/variables.ts';
import { checkImage, ofImage } from '../policy/check-plan.ts';
import type { RunVerb } from './context.ts';
import { withEngine } from './engine.ts';
import { jsonLine } from './table.ts';
import { isOn } from './values.ts';

/** As a launch does it, with logins, patience and progress; always, unless `--pull missing`. */
export const pull: RunVerb = (line, context) => {
  const { env, readFile, signal, report, write } = context;
  const [image = ''] = line.words;
  const values: Partial<RequestValues> = {};
  const mistakes: KeyedMistake[] = [...problemsOf(image)];
  // What is pulled for launches says nothing of a pull that is asked for.
  const input = { env: { ...env, OFFSHOOT_PULL: '', OFFSHOOT_PULL_FILE: '' }, flags: line.flags, readFile };
  for (const key of ['platform', 'pull', 'pullTimeout'] as const)
    readValue(key, { input, compat: { stands: {}, control: [] }, values, mistakes });
  if (mistakes.length > 0) throw new InvalidRequestError(mistakes);
  const { platform, pull: policyOfPull = 'always', pullTimeout = 15 * 60_000 } = values;
  const request = { image, platform, pull: policyOfPull, pullTimeoutMs: pullTimeout };
  return withEngine(line, context, async ({ runtime, policy }) => {
    const violations = policy === undefined ? [] : ofImage(image, policy);
    if (policy !== undefined && violations.length > 0) throw new PolicyError(policy.file, violations);
    const before = await localImage(request, runtime, { signal });
    const now = await ensureImage(request, before, runtime, { env, signal, report });
    const others = policy === undefined ? [] : checkImage(request, now, policy);
    if (policy !== undefined && others.length > 0) throw new PolicyError(policy.file, others);
    const { id, digests } = now;
    const told = { image, id, digest: digests[0] ?? null, platform: now.platform ?? null, changed: before?.id !== id };
    await write(isOn(line, 'json') ? jsonLine(told) : `${digests[0] ?? id}\n`);
    return 0;
  });
};

function problemsOf(image: string): KeyedMistake[] {
  try {
    parseReference(image);
    return [];
  } catch (error) {
    return [{ name: 'IMAGE', problem: `${JSON.stringify(image)} ${error instanceof Error ? error.message : ''}` }];
  }
}
