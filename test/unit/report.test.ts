import { describe, expect, it } from 'vitest';
import type { LogLevel, OffshootEvent } from '../../src/events.ts';
import { createReporter } from '../../src/report/reporter.ts';

const events: readonly OffshootEvent[] = (['debug', 'info', 'warn', 'error'] as const).map((level) => ({
  level,
  event: 'warning',
  message: `message "${level}"\nand more`,
  id: 'abc',
}));

function written(format: 'text' | 'json', level: LogLevel): string[] {
  const lines: string[] = [];
  const report = createReporter({ format, level, write: (line) => void lines.push(line) });
  for (const event of events) report(event);
  return lines;
}

describe('createReporter', () => {
  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at the level %s writes %i of four', (level, count) => {
    expect(written('json', level)).toHaveLength(count);
    expect(written('text', level)).toHaveLength(count);
  });

  it('writes one JSON object a line, with the time', () => {
    const [line = ''] = written('json', 'error');
    expect(line.trimEnd()).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({ ...events[3], time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
  });

  it('marks what is not usual in text', () => {
    expect(written('text', 'info').map((line) => line.split('message')[0])).toEqual([
      'offshoot: ',
      'offshoot: warn: ',
      'offshoot: error: ',
    ]);
  });
});
