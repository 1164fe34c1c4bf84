import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { billionths, bytes, csv, duration, shellWord } from '../../../src/render/words.ts';
import { yaml } from '../../../src/render/yaml.ts';

const anyText = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
const awkward = fc.string({ unit: fc.constantFrom(...` '"\\$\`!*?[]{}()<>|&;#~=%-\n\t\ra`.split('')) });

describe('a word of a shell', () => {
  it('reaches a command as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, awkward), { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
        const printed = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
        expect(printed).toBe(words.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 50 },
    );
  });

  it.each(['plain', '--flag=value', 'a/b:c@d.e,f+g%'])('is not quoted without need: %s', (word) => {
    expect(shellWord(word)).toBe(word);
  });
});

describe('a row of values', () => {
  it.each([
    [['a=b', 'c'], 'a=b,c'],
    [['a,b', 'c'], '"a,b",c'],
    [['say "x"'], '"say ""x"""'],
    [['one\ntwo'], '"one\ntwo"'],
  ])('%j', (fields, row) => {
    expect(csv(fields)).toBe(row);
  });
});

describe('numbers', () => {
  it.each([
    [536_870_912, '512m'],
    [1024, '1k'],
    [33_333_333, '33333333'],
    [1024 ** 5, '1024t'],
    [-1, '-1'],
  ])('%d bytes are %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it.each([
    [90e9, '90s'],
    [1.5e9, '1500ms'],
    [1500, '1500ns'],
    [2e6, '2ms'],
    [3e3, '3us'],
  ])('%d nanoseconds are %s', (count, text) => {
    expect(duration(count)).toBe(text);
  });

  it.each([
    [500_000_000, '0.5'],
    [1, '0.000000001'],
    [10e9, '10'],
    [1_230_000_000, '1.23'],
  ])('%d billionths are %s', (count, text) => {
    expect(billionths(count)).toBe(text);
  });
});

describe('YAML', () => {
  const texts = fc.oneof(anyText, awkward, fc.string({ unit: fc.constantFrom(...'01:_.+-oxbeEnyNY~<=TZ '.split('')) }));

  it('is the same to readers of both versions', () => {
    fc.assert(
      fc.property(fc.dictionary(texts, fc.oneof(texts, fc.array(texts)), { maxKeys: 5 }), (value) => {
        // A parser of 1.1 would take `<<` for something else even where it is quoted.
        const { '<<': _, ...rest } = value;
        const text = yaml(rest);
        expect(parse(text, { version: '1.1' })).toEqual(rest);
        expect(parse(text, { version: '1.2' })).toEqual(rest);
      }),
    );
  });

  // What Go's reader takes for a number, a date, a truth value or an end of a line.
  it.each(['0o17', '0755', '1_000', '0b11', '12:30:45', '2001-01-01', 'on', 'y', 'NO', 'null', '~', '.inf', '<<', '='])(
    'quotes %s',
    (text) => {
      expect(yaml({ key: text })).toBe(`key: "${text}"\n`);
    },
  );

  it('escapes what ends a line in one version only', () => {
    expect(yaml({ key: 'a\u0085b\u2028c\ufeff' })).toBe(String.raw`key: "a\u0085b\u2028c\ufeff"` + '\n');
  });

  it('leaves plain words bare', () => {
    expect(yaml({ image: 'nginx:1.27', source: '/srv/a b', on: true })).toBe(
      'image: nginx:1.27\nsource: /srv/a b\n"on": true\n',
    );
  });
});
