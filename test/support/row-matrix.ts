import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCase } from 'vitest/node';
import { type Row, rows } from '../contract/rows.ts';
import { columns, unique } from './text-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What one test has shown. */
export interface Shown {
  /** From the root. */
  readonly file: string;
  /** With those of its suites. */
  readonly name: string;
  /** Of the contract: `docker on docker-28.5`, and `part: title`. */
  readonly runtime: string | undefined;
  readonly behaviour: string | undefined;
  readonly state: ReturnType<TestCase['result']>['state'];
  readonly reason: string | undefined;
}

export function shownBy(test: TestCase, cell: Pick<Shown, 'runtime' | 'behaviour'>): Shown {
  const { state } = test.result();
  return { file: relative(root, test.module.moduleId), name: test.fullName, state, reason: whySkipped(test), ...cell };
}

/** Said in the title of tests that are all skipped, as there is no engine for them. */
const skippedWhole = /\(SKIPPED: ([^>]*)\)/;

export function whySkipped(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === 'skipped' ? (result.note ?? skippedWhole.exec(test.fullName)?.[1]) : undefined;
}

/** Not a name of an engine: it is what any runtime has. */
const anEngine = /\b(?:docker|podman)-\d|\bcontainerd \d/;

/** Those that are about this row on this runtime. */
function evidenceOf({ behaviours = [], files = [] }: Row, runtime: string, all: readonly Shown[]): Shown[] {
  const engine = runtime.split(' on ')[1] ?? runtime;
  const kept = all.filter((one) => one.runtime === runtime && behaviours.includes(one.behaviour ?? ''));
  const seen = files.flatMap((entry) => {
    const [file, words = ''] = entry.split('#');
    const tests = all.filter((one) => one.file === file && one.name.includes(words));
    const own = tests.filter(({ name }) =>
      new RegExp(String.raw`${engine.replaceAll('.', String.raw`\.`)}(?![\w.-])`).test(name),
    );
    // Where others are named, what names none is about how they are set up.
    return own.length > 0 || tests.some(({ name }) => anEngine.test(name)) ? own : tests;
  });
  return [...kept, ...seen];
}

interface Verdict {
  readonly word: 'works' | 'in part' | 'no' | 'not here' | 'FAILED' | 'not run';
  readonly reasons: readonly string[];
}

export function verdict(row: Row, runtime: string, all: readonly Shown[]): Verdict {
  if (row.notHere !== undefined) return { word: 'not here', reasons: [row.notHere] };
  const evidence = evidenceOf(row, runtime, all);
  const ofRuntime = evidence.filter(({ name, runtime: kept }) => kept !== undefined || anEngine.test(name));
  // What any runtime has proves nothing where what this one has was not to be seen.
  const passed = (ofRuntime.length > 0 ? ofRuntime : evidence).filter(({ state }) => state === 'passed');
  const reasons = unique(
    evidence.flatMap(({ state, reason }) => (state === 'skipped' && reason !== undefined ? [reason] : [])),
  );
  if (evidence.some(({ state }) => state === 'failed')) return { word: 'FAILED', reasons: [] };
  if (reasons.length > 0) return { word: passed.length > 0 ? 'in part' : 'no', reasons };
  const missing = (row.behaviours ?? []).filter((behaviour) => !passed.some((one) => one.behaviour === behaviour));
  if (passed.length === 0 || missing.length > 0) return { word: 'not run', reasons: [] };
  return { word: 'works', reasons: [] };
}

/** Row by row what was shown of each runtime; why not, where not, below. */
export function rowMatrix(all: readonly Shown[]): string {
  const runtimes = unique(all.flatMap(({ runtime }) => runtime ?? []));
  const verdicts = Object.entries(rows).map(([number, row]) => ({
    title: `${number.padStart(2)} ${row.what}`,
    cells: runtimes.map((runtime) => verdict(row, runtime, all)),
  }));
  const reasons = unique(verdicts.flatMap(({ cells }) => cells.flatMap((cell) => cell.reasons)));
  const mark = ({ word, reasons: own }: Verdict): string =>
    own.length === 0 ? word : `${word} [${own.map((reason) => reasons.indexOf(reason) + 1).join(',')}]`;
  return [
    ...columns([['', ...runtimes], ...verdicts.map(({ title, cells }) => [title, ...cells.map(mark)])]),
    ...reasons.map((reason, at) => `[${at + 1}] ${reason}`),
  ].join('\n');
}
