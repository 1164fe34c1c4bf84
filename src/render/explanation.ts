import type { Explanation } from '../launch/explain.ts';

/** The explanation for people. */
export function explanationText(explanation: Explanation): string {
  const { self, name, image, imageId, pull, start, settings, leftOut, powers, notes } = explanation;
  const pulled = { none: '', needed: ', which has to be pulled', 'not allowed': ', which may not be pulled' }[pull];
  const rows = settings.map(({ setting, value, origin }) => [setting, origin, value === undefined ? '' : shown(value)]);
  const lines = [
    `${name} would be created from ${image}${imageId === null ? pulled || ', which is not here' : pulled}, and started ${start}`,
    `self is ${self.name} (${self.id.slice(0, 12)}), proved by ${self.proof}`,
    ...section('It gets', table([['setting', 'from', 'value'], ...rows])),
    ...section('Left out', table(leftOut.map(({ setting, reason }) => [setting, reason]))),
    ...section('Powerful things that it gets', powers),
    ...section('Notes', notes),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
