import { parseSweeping } from '../plan/sweeping.ts';
import { detectRuntime } from '../runtime/detect.ts';
import { sweep as sweepOn } from '../sweep/sweep.ts';
import { sweepText } from '../sweep/text.ts';
import type { RunVerb } from './context.ts';
import { jsonLine } from './table.ts';
import { isOn } from './values.ts';

/** Status 73 where something could not be removed. */
export const sweep: RunVerb = async (line, { env, readFile, signal, report, write }) => {
  const asked = parseSweeping({ env, flags: line.flags, readFile }, line.own['older-than']?.[0]);
  const runtime = await detectRuntime(asked.runtime, env, { ...asked, signal, report });
  const result = await sweepOn(asked, runtime, { signal, report });
  await write(isOn(line, 'json') ? jsonLine(result) : sweepText(result));
  return result.failed === 0 ? 0 : 73;
};
