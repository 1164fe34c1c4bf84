import picomatch from 'picomatch';
import { isJsonList, parseWords, splitWords, withoutBlanks } from './words.ts';

const options = {
  nonegate: true,
  noextglob: true,
  posix: true,
  strictBrackets: true,
  windows: false,
  flags: 's',
  // Throws, where it else would make an expression that never matches.
  debug: true,
} as const;

/** To picomatch, which is written for paths, dots and slashes mean something: letters take their places. */
function withoutPaths(text: string): string {
  return text.replaceAll('.', '\u{E000}').replaceAll('/', '\u{E001}');
}

const plain = '[\\w.:*?-]';
/** `[…]`, which is one character; then, from inside to outside, `{A,B}`. */
const characterClass = /\[(?:\[:[a-z]+:\]|[^\]])+\]/g;
const alternatives = new RegExp(`\\{${plain}*(?:,${plain}*)+\\}`, 'g');

/** No name of a variable is so long; what is longer takes expressions their time. */
const longest = 1_000;

/**
 * A glob over names of variables. One that never matches would pass a secret on without a word: it is refused.
 * @throws Error with the problem
 */
export function parseGlob(text: string): string {
  if (text === '') throw new Error('is empty; expected a glob as AWS_* or *_TOKEN');
  if (text.length > longest) throw new Error(`is longer than ${longest} characters`);
  if (text.startsWith('!')) {
    throw new Error('begins with !; OFFSHOOT_DROP_ENV names what is left out, OFFSHOOT_KEEP_ENV what alone stays');
  }
  const strange = /[^\w.:*?[\]{},!^-]/u.exec(text)?.[0];
  if (strange !== undefined) {
    throw new Error(`has ${JSON.stringify(strange)}; expected a glob over names of variables, as AWS_* or *_TOKEN`);
  }
  let rest = text.replace(characterClass, 'x');
  for (let before = ''; before !== rest; rest = rest.replace(alternatives, 'x')) before = rest;
  if (!new RegExp(`^${plain}+$`).test(rest) || !compiles(text)) {
    throw new Error('is no glob; expected *, ?, [A-Z] and {A,B}, with every bracket closed and none empty');
  }
  return text;
}

function compiles(glob: string): boolean {
  try {
    picomatch.makeRe(withoutPaths(glob), options);
    return true;
  } catch {
    return false;
  }
}

/** Does one of the globs match the name of a variable? */
export function globTest(globs: readonly string[]): (name: string) => boolean {
  const tests = globs.map((glob) => picomatch(withoutPaths(glob), options));
  return (name) => {
    const shown = withoutPaths(name);
    return tests.some((matches) => matches(shown));
  };
}

/**
 * The globs of `AWS_*, *_TOKEN {A,B}_*`, or of a JSON array.
 * @throws Error with the problem
 */
export function splitGlobs(text: string): readonly string[] {
  const isJson = isJsonList(text);
  const globs = isJson ? parseWords(text) : splitWords(withoutBlanks(text)).flatMap(splitAtCommas);
  if (globs.length === 0 && !isJson) throw new Error('holds no glob; expected some as AWS_*,*_TOKEN');
  return globs;
}

function splitAtCommas(text: string): readonly string[] {
  const pieces = [''];
  let depth = 0;
  for (const letter of text) {
    if ('[{'.includes(letter)) depth += 1;
    if ('}]'.includes(letter)) depth -= 1;
    if (letter === ',' && depth <= 0) pieces.push('');
    else pieces.push(`${pieces.pop()}${letter}`);
  }
  return pieces;
}

/** Of one item: a comma can only part two globs. */
export function parseGlobs(item: string): readonly string[] {
  return splitAtCommas(item).map(parseGlob);
}
