import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import type { AskingLine } from '../../../src/plan/argv.ts';
import type { OutputChunk } from '../../../src/runtime/runtime.ts';
import { linesOf, type OutputLine } from '../../../src/verbs/lines.ts';
import { age, printable, table } from '../../../src/verbs/table.ts';
import { count, isOn, labelFilter, listOf, moment, notEmpty, valuesOf, variable } from '../../../src/verbs/values.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

describe('values of flags', () => {
  it.each([
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00:00.5+02:00', '2026-01-01T08:00:00.500Z'],
    ['10m', '2026-01-01T23:50:00.000Z'],
    ['1h30m', '2026-01-01T22:30:00.000Z'],
    ['0', '2026-01-02T00:00:00.000Z'],
  ])('%s is a moment', (text, time) => {
    expect(moment(text, now).toISOString()).toBe(time);
  });

  it.each(['', 'yesterday', '2026-01-01', '2026-01-01T10:00:00', '2026-13-01T10:00:00Z', '-10m', '10 m'])(
    '%j is none',
    (text) => {
      expect(() => moment(text, now)).toThrow('expected an RFC 3339 time');
    },
  );

  it.each(['', '-1', '1.5', '1e3', 'all', '12345678901'])('%j is no count', (text) => {
    expect(() => count(text)).toThrow('expected a whole number');
  });

  it('labels have names, and variables have values', () => {
    expect(labelFilter('a.b/c')).toEqual(['a.b/c', true]);
    expect(labelFilter('a=')).toEqual(['a', '']);
    expect(labelFilter('a=b=c\nd')).toEqual(['a', 'b=c\nd']);
    expect(() => labelFilter('=b')).toThrow('expected a label');
    expect(variable('A=')).toBe('A=');
    for (const text of ['A', '=b', '']) expect(() => variable(text)).toThrow('expected NAME=VALUE');
  });

  const line = (own: AskingLine['own']): AskingLine => ({ verb: 'ps', flags: {}, own, words: [], command: undefined });

  it('all mistakes are told at once, and no value of a list', () => {
    expect(() =>
      valuesOf(line({ tail: ['x'], since: ['y'] }), { tail: count, since: notEmpty, user: notEmpty }),
    ).toThrow(/^--tail: "x": expected a whole number, 0 or more$/);
    const bad = (): unknown => listOf(line({ env: ['A=1', 'hunter2', ''] }), 'env', variable);
    expect(bad).toThrow(InvalidRequestError);
    expect(bad).toThrow(/^--env: expected NAME=VALUE\n--env: expected NAME=VALUE$/);
    expect(valuesOf(line({ tail: ['7'] }), { tail: count, user: notEmpty })).toEqual({ tail: 7, user: undefined });
  });

  it('a flag is on, off, or not given', () => {
    expect([['true'], ['false'], undefined].map((force) => isOn(line(force ? { force } : {}), 'force'))).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});

describe('a table', () => {
  it('has columns, and nothing at the ends of its lines', () => {
    expect(
      table([
        ['A', 'LONG', 'C'],
        ['longer', 'b', ''],
        ['x', '', 'd'],
      ]),
    ).toBe('A       LONG  C\nlonger  b\nx             d\n');
  });

  it('shows what would move the cursor of a terminal, or turn what is written around', () => {
    expect(printable('a\u001B[2Jb\u0007\u009B\rc\u202Ed\u2028')).toBe(
      'a\\u001b[2Jb\\u0007\\u009b\\u000dc\\u202ed\\u2028',
    );
    expect(table([['ünï\ncode']])).toBe('ünï\\u000acode\n');
  });

  it.each([
    [5, '5s'],
    [119, '119s'],
    [120, '2m'],
    [7_200, '2h'],
    [172_800, '2d'],
    [-3, '0s'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(age(new Date(now - seconds * 1000), now)).toBe(text);
  });
});

it('lines are those of each stream, whatever the pieces that they come in', async () => {
  const bytes = Buffer.from('grün\r\n');
  const chunks: OutputChunk[] = [
    { stream: 'stdout', data: bytes.subarray(0, 3) },
    { stream: 'stderr', data: Buffer.from('one\ntwo') },
    { stream: 'stdout', data: bytes.subarray(3) },
    { stream: 'stdout', data: Buffer.from(`\n${'x'.repeat(70_000)}`) },
  ];
  const lines: OutputLine[] = [];
  for await (const one of linesOf(
    (async function* () {
      yield* chunks;
    })(),
  ))
    lines.push(one);
  expect(lines.map(({ stream, line }) => [stream, line.length > 100 ? line.length : line])).toEqual([
    ['stderr', 'one'],
    ['stdout', 'grün'],
    ['stdout', ''],
    ['stdout', 65_536],
    ['stdout', 4_464],
    ['stderr', 'two'],
  ]);
});
