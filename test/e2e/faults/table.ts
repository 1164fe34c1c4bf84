import { figure } from '../../support/figure.ts';

export interface Row {
  readonly engine: string;
  readonly step: string;
  readonly fault: string;
  readonly outcome: string;
}

const never = ['lost', 'twice', 'left behind', 'untold'];

/** Faults as columns, steps as rows; what has happened on each engine, once where it is the same on all. */
export function printTable(title: string, results: readonly Row[]): void {
  const engines = [...new Set(results.map(({ engine }) => engine))];
  const columns = ['step', ...new Set(results.map(({ fault }) => fault))];
  const rows = [...new Set(results.map(({ step }) => step))].map((step) => [
    step,
    ...columns.slice(1).map((fault) => {
      const outcomes = results.filter((one) => one.step === step && one.fault === fault).map(({ outcome }) => outcome);
      return [...new Set(outcomes)].join(' / ');
    }),
  ]);
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  const counts = never.map((outcome) => `${results.filter((one) => one.outcome === outcome).length} ${outcome}`);
  figure(`${results.length} faults on ${engines.join(' and ')} (${title}): ${counts.join(', ')}`);
  for (const cells of [columns, ...rows]) process.stdout.write(`${line(cells).trimEnd()}\n`);
}
