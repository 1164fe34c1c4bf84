import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globTest, parseGlobs, splitGlobs } from '../../../src/plan/globs.ts';

describe('globTest', () => {
  it.each([
    [
      '*',
      [
        'A',
        '_',
        '.',
        '..',
        '.hidden',
        'a/b',
        './a',
        'a b',
        'a\nb',
        '\n',
        'npm_config_//registry.npmjs.org/:_authToken',
      ],
      [],
    ],
    ['**', ['A', 'a/b'], []],
    ['AWS_*', ['AWS_', 'AWS_KEY', 'AWS_.x', 'AWS_a/../b'], ['AWS', 'MY_AWS_KEY', 'aws_key']],
    ['*_TOKEN', ['_TOKEN', 'A_TOKEN', '.A_TOKEN', '/_TOKEN'], ['A_TOKENS', 'TOKEN']],
    ['*SECRET*', ['SECRET', 'MY_SECRET_KEY'], ['SECRE']],
    ['A?', ['AB', 'A/', 'A.'], ['A', 'ABC']],
    ['[A-C]_*', ['A_', 'B_X'], ['D_X', 'a_X']],
    ['[!A]*', ['B', '_A', '.A'], ['A', 'AB']],
    ['[[:digit:]]*', ['1A'], ['A1']],
    ['{AWS,GCP}_*', ['AWS_X', 'GCP_'], ['AZURE_X']],
    ['A{,_OLD}', ['A', 'A_OLD'], ['A_']],
    ['A{B,{C,D}E}', ['AB', 'ACE', 'ADE'], ['AE', 'AC']],
    ['A.B', ['A.B'], ['AxB']],
    ['*.*', ['a.b', '.', 'a.'], ['a']],
    ['{A..C,D}', ['A..C', 'D'], ['B']],
    ['npm_config_*', ['npm_config_//registry.npmjs.org/:_authToken'], ['NPM_CONFIG_X']],
    ['PATH', ['PATH'], ['PATHS', 'XPATH', 'path']],
  ])('%s', (glob, matching, others) => {
    expect(parseGlobs(glob)).toEqual([glob]);
    const test = globTest([glob]);
    expect(matching.filter((name) => !test(name))).toEqual([]);
    expect(others.filter((name) => test(name))).toEqual([]);
  });

  it('is true where one of several matches, and for none without globs', () => {
    const test = globTest(['A*', '*Z']);
    expect(['AB', 'BZ', 'B'].map(test)).toEqual([true, true, false]);
    expect(globTest([])('A')).toBe(false);
  });

  const name = fc.string({ minLength: 1, unit: 'binary' });

  it('matches every name by *', () => {
    fc.assert(fc.property(name, (text) => globTest(['*'])(text)));
  });

  it('matches a plain name by itself alone', () => {
    const plain = fc.stringMatching(/^\w{1,8}$/);
    fc.assert(fc.property(plain, plain, (one, other) => globTest([one])(other) === (one === other)));
  });

  it('does what an expression made by hand does', () => {
    const part = fc.constantFrom(
      'A',
      'B_',
      '.',
      ':',
      '-',
      '*',
      '**',
      '?',
      '[A-C]',
      '[!A]',
      '{A,B*}',
      '{.,{_,A?}}',
      '{,_}',
    );
    const glob = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const near = fc.string({
      unit: fc.constantFrom('A', 'B', '_', '.', '/', ':', '-', 'x'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(glob, near, (glob, name) => {
        expect(globTest([glob])(name)).toBe(byHand(glob).test(name));
      }),
      { numRuns: 1000 },
    );
  });

  it('matches what begins and ends so', () => {
    const plain = fc.stringMatching(/^\w{1,4}$/);
    fc.assert(
      fc.property(plain, name, plain, (start, middle, end) => globTest([`${start}*${end}`])(start + middle + end)),
    );
  });
});

describe('globs that are accepted', () => {
  it('compile, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AB_*?[]{}(),|!+@^-.:'.split('')) }), (text) => {
        let globs: readonly string[];
        try {
          globs = parseGlobs(text);
        } catch (error) {
          return error instanceof Error && error.message.length < 200;
        }
        globTest(globs)('A');
        return globs.length > 0;
      }),
      { numRuns: 2000 },
    );
  });

  it('are put together again by commas', () => {
    const glob = fc.constantFrom('A*', '*_B', '{C,D}', '[E,F]', '{I,{J,K}}');
    fc.assert(
      fc.property(fc.array(glob, { minLength: 1 }), fc.constantFrom(',', ' ', ', ', '\n'), (globs, separator) => {
        expect(splitGlobs(globs.join(separator))).toEqual(globs);
      }),
    );
  });
});

/** Of globs without commas outside braces. */
function byHand(glob: string): RegExp {
  const meanings: Readonly<Record<string, string>> = {
    '*': '[^]*',
    '?': '[^]',
    '{': '(?:',
    '}': ')',
    ',': '|',
    '.': '[.]',
  };
  const source = glob.replaceAll(/\[.+?\]|[*?{},.]/g, (text) => meanings[text] ?? text.replace('[!', '[^'));
  return new RegExp(`^(?:${source})$`);
}
