import { describe, expect, it, vi } from 'vitest';
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

const part = (id: string, phase: string, current: number, total: number, unpacked?: number): object => ({
  id,
  phase,
  current,
  total,
  ...(unpacked !== undefined && { unpacked }),
});
const mebibyte = 1024 * 1024;
const progress = (...parts: object[]): OffshootEvent => ({
  level: 'info',
  event: 'pull',
  phase: 'progress',
  message: 'pulling app:1: 0 of 3 layers, 1.0 of 4.0 MiB',
  parts,
});
const layers = [
  part('0123456789ab', 'downloading', mebibyte, 4 * mebibyte),
  part('ba9876543210', 'extracting', mebibyte, mebibyte, 0.5),
  part('aaaaaaaaaaaa', 'waiting', 0, 0),
];

/** What is to be seen in the end of all that was written, and whether a line ever wrapped. */
function screen(writes: readonly string[], width: number): { lines: string[]; wrapped: boolean } {
  let lines: string[] = [];
  let wrapped = false;
  for (const text of writes) {
    const [up = '0', rest = text] = text.startsWith('\r') ? text.slice(3).split('A\u001B[J') : [];
    lines = lines.slice(0, lines.length - Number(up));
    expect(rest).not.toContain('\u001B');
    const added = rest.split('\n').slice(0, -1);
    wrapped ||= added.some((line) => line.startsWith('  ') && line.length >= width);
    lines.push(...added);
  }
  return { lines, wrapped };
}

describe('the progress of a pull on a terminal', () => {
  function terminal(columns: number | undefined): { report: ReturnType<typeof createReporter>; writes: string[] } {
    const writes: string[] = [];
    const write = (text: string): void => void writes.push(text);
    return {
      writes,
      report: createReporter({ format: 'text', level: 'info', write, terminal: { columns: () => columns } }),
    };
  }

  it('is drawn in place, with a bar for each layer that moves', () => {
    const { report, writes } = terminal(80);
    for (let at = 0; at < 50; at += 1) report(progress(...layers));
    expect(screen(writes, 80).lines).toEqual([
      'offshoot: pulling app:1: 0 of 3 layers, 1.0 of 4.0 MiB',
      `  0123456789ab downloading [${'='.repeat(7).padEnd(30)}] 1.0/4.0 MiB`,
      `  ba9876543210 unpacking   [${'='.repeat(15).padEnd(30)}]`,
    ]);
  });

  it('stays below the lines that come meanwhile, and goes at the end', () => {
    const { report, writes } = terminal(80);
    report(progress(...layers));
    report({ level: 'warn', event: 'warning', message: 'careful' });
    expect(screen(writes, 80).lines[0]).toBe('offshoot: warn: careful');
    expect(screen(writes, 80).lines).toHaveLength(4);
    report({ level: 'info', event: 'pull', phase: 'done', message: 'pulled app:1 in 2s' });
    expect(screen(writes, 80).lines).toEqual(['offshoot: warn: careful', 'offshoot: pulled app:1 in 2s']);
  });

  it.each([
    ['an error', { level: 'error', event: 'error', message: 'cancelled by SIGINT' }],
    ['another try', { level: 'warn', event: 'pull', phase: 'retry', message: 'try 2 of 5' }],
  ] as const)('goes when there is %s', (_, event) => {
    const { report, writes } = terminal(80);
    report(progress(...layers));
    report(event);
    expect(screen(writes, 80).lines).toEqual([expect.stringContaining(event.message)]);
  });

  it.each([1, 2, 10, 20, 30, 40, 79, 200])('fits into %i columns', (width) => {
    const { report, writes } = terminal(width);
    report(progress(...layers));
    const { lines, wrapped } = screen(writes, width);
    expect(lines).toHaveLength(3);
    expect(wrapped).toBe(false);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(Math.max(2, width));
  });

  it.each([0, undefined])('takes 80 columns where it tells %s', (columns) => {
    const { report, writes } = terminal(columns);
    report(progress(...layers));
    expect(Math.max(...screen(writes, 80).lines.map((line) => line.length))).toBeGreaterThan(60);
  });

  it('names what it has no room for', () => {
    const { report, writes } = terminal(80);
    report(progress(...Array.from({ length: 9 }, (_, at) => part(`layer${at}`, 'downloading', 0, mebibyte))));
    expect(screen(writes, 80).lines).toHaveLength(7);
    expect(screen(writes, 80).lines.at(-1)).toBe('  and 4 more');
  });
});

describe.each(['text', 'json'] as const)('the progress of a pull in a log of %s', (format) => {
  it('is one line in five seconds, however much is told', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lines: string[] = [];
    const report = createReporter({ format, level: 'info', write: (line) => void lines.push(line) });
    report({ level: 'info', event: 'pull', phase: 'start', message: 'pulling app:1' });
    for (let at = 0; at < 1200; at += 1) {
      vi.advanceTimersByTime(10);
      report(progress(...layers));
    }
    report({ level: 'warn', event: 'warning', message: 'careful' });
    report({ level: 'info', event: 'pull', phase: 'done', message: 'pulled app:1' });
    vi.useRealTimers();
    // 12 seconds.
    expect(lines.map((line) => /pulling app:1:|pulling|careful|pulled/.exec(line)?.[0])).toEqual([
      'pulling',
      'pulling app:1:',
      'pulling app:1:',
      'careful',
      'pulled',
    ]);
    expect(lines.join('')).not.toContain('\u001B');
  });
});
