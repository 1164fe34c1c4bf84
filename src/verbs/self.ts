import { inspectSelf } from '../library.ts';
import { parseFindingSelf } from '../plan/finding-self.ts';
import type { RunVerb } from './context.ts';
import { jsonLine } from './table.ts';

/** One line of JSON: who we are, and how we know. */
export const self: RunVerb = async ({ flags }, { env, readFile, signal, report, write }) => {
  const asked = parseFindingSelf({ env, flags, readFile });
  const { record, evidence, proof, refused } = await inspectSelf({ env, ...asked, signal, report });
  const { id, name, image } = record;
  await write(jsonLine({ id, name, image, proof, evidence, refused }));
  return 0;
};
