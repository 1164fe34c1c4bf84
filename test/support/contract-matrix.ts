import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { rowMatrix, shownBy, whySkipped } from './row-matrix.ts';
import { columns, unique } from './text-table.ts';

const title = 'the contract of a runtime, kept by ';
const marks = { passed: 'yes', failed: 'NO', pending: '-' } as const;

/**
 * A reporter that prints which behaviour of the contract was kept by which runtime, and of each that was skipped why; and
 * the same by the rows of the table of capabilities.
 * Nothing where no test of the contract was run.
 */
export default class ContractMatrix implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const cells = tests.flatMap(cellOf);
    if (cells.length === 0) return;
    const shown = tests.map((test) => {
      const [cell] = cellOf(test);
      const behaviour = cell && `${cell.part.replace(/^it /, '')}: ${cell.behaviour}`;
      return shownBy(test, { runtime: cell?.runtime, behaviour });
    });
    process.stdout.write(`\nThe contract: runtime × behaviour\n\n${matrix(cells)}\n`);
    process.stdout.write(`\nThe capabilities: runtime × row\n\n${rowMatrix(shown)}\n`);
  }
}

interface Cell {
  readonly runtime: string;
  readonly part: string;
  readonly behaviour: string;
  readonly state: ReturnType<TestCase['result']>['state'];
  readonly reason: string | undefined;
}

function cellOf(test: TestCase): Cell[] {
  const { parent: part } = test;
  const contract = part.type === 'suite' ? part.parent : undefined;
  if (part.type !== 'suite' || contract?.type !== 'suite' || !contract.name.startsWith(title)) return [];
  return [
    {
      runtime: contract.name.slice(title.length),
      part: part.name,
      behaviour: test.name,
      state: test.result().state,
      reason: whySkipped(test),
    },
  ];
}

function matrix(cells: readonly Cell[]): string {
  const runtimes = unique(cells.map(({ runtime }) => runtime));
  const reasons = unique(cells.flatMap(({ reason }) => reason ?? []));
  const mark = ({ state, reason }: Cell): string =>
    state === 'skipped' ? (reason === undefined ? '-' : `[${reasons.indexOf(reason) + 1}]`) : marks[state];
  const rows = unique(cells.map(({ part }) => part)).flatMap((part) => [
    [part],
    ...unique(cells.filter((cell) => cell.part === part).map(({ behaviour }) => behaviour)).map((behaviour) => [
      `  ${behaviour}`,
      ...runtimes.map((runtime) => {
        const cell = cells.find((one) => one.part === part && one.behaviour === behaviour && one.runtime === runtime);
        return cell === undefined ? '' : mark(cell);
      }),
    ]),
  ]);
  return [...columns([['', ...runtimes], ...rows]), ...reasons.map((reason, at) => `[${at + 1}] ${reason}`)].join('\n');
}
