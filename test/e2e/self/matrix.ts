import { inject } from 'vitest';
import type { EngineKind } from '../../../tools/engines/index.ts';

/** What became of each surrounding on each engine, for people. */
export function createMatrix(
  title: string,
  titles: readonly string[],
): {
  set(row: string, kind: EngineKind, cell: string): void;
  text(): string;
} {
  const rows = new Map(titles.map((row) => [row, new Map<EngineKind, string>()]));
  const kinds = inject('allEngines').map(({ kind }) => kind);
  return {
    set(row, kind, cell) {
      rows.get(row)?.set(kind, cell);
    },
    text() {
      const width = Math.max(...[...rows.keys()].map((row) => row.length));
      const line = (first: string, cells: readonly string[]): string =>
        [first.padEnd(width), ...cells.map((cell, index) => cell.padEnd(kinds[index]?.length ?? 0))]
          .join('  ')
          .trimEnd();
      return [
        line(title, kinds),
        line(
          '-'.repeat(width),
          kinds.map((kind) => '-'.repeat(kind.length)),
        ),
        ...[...rows].map(([row, cells]) =>
          line(
            row,
            kinds.map((kind) => cells.get(kind) ?? '?'),
          ),
        ),
      ].join('\n');
    },
  };
}
