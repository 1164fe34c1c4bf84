import { hostPath } from '../library.ts';
import { parseFindingSelf } from '../plan/finding-self.ts';
import type { RunVerb } from './context.ts';
import { jsonLine } from './table.ts';
import { isOn } from './values.ts';

/** The path on the engine's host, alone in a line: for `$(offshoot path .)`. */
export const path: RunVerb = async (line, { env, readFile, signal, report, write }) => {
  const asked = parseFindingSelf({ env, flags: line.flags, readFile });
  const found = await hostPath(line.words[0] ?? '', { env, ...asked, signal, report });
  await write(isOn(line, 'json') ? jsonLine(found) : `${found.source}\n`);
  return 0;
};
