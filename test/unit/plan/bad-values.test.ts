import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { parsePlan } from '../../../src/plan/plan.ts';
import { flagOf, type RequestKey, requestKeys, variables } from '../../../src/plan/variables.ts';

/** For every variable: values that are refused, and a word that the message must have to be of use. */
const badValues: { readonly [K in RequestKey]: readonly (readonly [value: string, says: string])[] } = {
  image: [
    ['Alpine', 'lower-case'],
    ['alpine:', 'name[:tag]'],
    ['alpine@', 'name[:tag]'],
    ['alpine@sha256:abc', 'name[:tag]'],
    ['alpine latest', 'name[:tag]'],
    ['alpine:ta/g', 'name[:tag]'],
    ['-alpine', 'name[:tag]'],
    ['http://registry/alpine', 'name[:tag]'],
    ['../alpine', 'name[:tag]'],
    ['alpine?x=1', 'name[:tag]'],
    ['аlpine', 'name[:tag]'], // a Cyrillic letter
    [`${'a/'.repeat(128)}a`, 'name[:tag]'],
  ],
  command: [
    ['["echo", 1]', 'JSON array of strings'],
    ['["echo"', 'not valid JSON'],
    ['echo "unfinished', 'quote'],
    [String.raw`echo \ `.trimEnd(), 'backslash'],
  ],
  entrypoint: [
    ['[null]', 'JSON array of strings'],
    ['[[]]', 'JSON array of strings'],
    ["sh -c 'x", 'quote'],
  ],
  delay: [
    ['soon', 'duration'],
    ['-1', 'duration'],
    ['1e3', 'duration'],
    ['0x10', 'duration'],
    ['10 s', 'duration'],
    ['s', 'duration'],
    ['1d', 'duration'],
    ['1s2', 'duration'],
    ['NaN', 'duration'],
    ['Infinity', 'duration'],
    ['9000h', 'year'],
    ['99999999999', 'year'],
  ],
  at: [
    ['tomorrow', 'RFC 3339'],
    ['2030-01-01', 'RFC 3339'],
    ['2030-01-01T00:00:00', 'zone'],
    ['2030-13-01T00:00:00Z', 'RFC 3339'],
    ['2020-01-01T00:00:00Z', 'is over'],
  ],
  runtime: [
    ['dcoker', 'auto, docker'],
    ['Docker', 'auto, docker'],
  ],
  pull: [
    ['allways', 'missing, always, never'],
    ['true', 'missing, always, never'],
  ],
  pullTimeout: [
    ['1 minute', 'duration'],
    ['-5s', 'duration'],
  ],
  name: [
    ['a', 'two or more'],
    ['-a', 'first a letter'],
    ['a/b', 'a-z'],
    ['a b', 'a-z'],
    ['ä1', 'a-z'],
  ],
  inherit: [
    ['some', 'all, none'],
    ['all,none', 'all, none'],
  ],
  attach: [
    ['maybe', 'true or false'],
    ['2', 'true or false'],
  ],
  key: [
    ['a b', 'printable ASCII'],
    ['a\nb', 'printable ASCII'],
    ['k'.repeat(201), '1 to 200'],
  ],
  override: [
    ['{', 'not valid JSON'],
    ['[]', 'JSON object'],
    ['"text"', 'JSON object'],
    ['null', 'JSON object'],
  ],
  dryRun: [['si', 'true or false']],
  self: [['a b', 'a-z']],
  log: [['xml', 'auto, text, json']],
  logLevel: [['verbose', 'debug, info, warn, error']],
};

const good = { OFFSHOOT_IMAGE: 'alpine' };
const now = new Date('2026-01-01T00:00:00Z');

function mistakesOf(env: Record<string, string>, flags = {}): readonly { name: string; problem: string }[] {
  try {
    parsePlan({ env: { ...good, ...env }, flags, now, readFile: () => '' });
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.mistakes;
    throw error;
  }
  return [];
}

describe.each(requestKeys)('%s', (key) => {
  const { name, secret } = variables[key];

  it.each(badValues[key])('refuses %j as a variable', (value, says) => {
    const mistakes = mistakesOf({ [name]: value });
    expect(mistakes).toEqual([{ name, problem: expect.stringContaining(says) }]);
  });

  it.each(badValues[key])('refuses %j as a flag', (value, says) => {
    const mistakes = mistakesOf({}, { [key]: value });
    const blamed = says === 'is over' ? name : `--${flagOf(variables[key])}`;
    expect(mistakes).toEqual([{ name: blamed, problem: expect.stringContaining(says) }]);
  });

  it.each(badValues[key])('shows %j, unless it may be a secret', (value, says) => {
    const [mistake] = mistakesOf({ [name]: value });
    const isShown = mistake?.problem.includes(says === 'is over' ? value.slice(0, 10) : JSON.stringify(value));
    expect(isShown).toBe(!secret);
  });

  it('counts the empty string as unset', () => {
    const mistakes = mistakesOf({ [name]: '' });
    expect(mistakes.map((mistake) => mistake.name)).toEqual(key === 'image' ? ['OFFSHOOT_IMAGE'] : []);
  });
});

it('lists every mistake at once', () => {
  const names = mistakesOf({ OFFSHOOT_DELAY: 'x', OFFSHOOT_PULL: 'x', OFFSHOOT_NAME: '/', OFFSHOOT_IMAGE: 'X' });
  expect(names.map(({ name }) => name).toSorted()).toEqual([
    'OFFSHOOT_DELAY',
    'OFFSHOOT_IMAGE',
    'OFFSHOOT_NAME',
    'OFFSHOOT_PULL',
  ]);
});

it.each([
  ['OFFSHOOT_IMGAE', 'OFFSHOOT_IMAGE'],
  ['OFFSHOOT_DEALY', 'OFFSHOOT_DELAY'],
  ['OFFSHOOT_DRYRUN', 'OFFSHOOT_DRY_RUN'],
])('refuses the unknown %s and points at %s', (name, near) => {
  expect(mistakesOf({ [name]: 'x' })).toEqual([{ name, problem: expect.stringContaining(near) }]);
});

it.each([
  [{ OFFSHOOT_DELAY: '5', OFFSHOOT_AT: '2030-01-01T00:00:00Z' }, 'OFFSHOOT_AT'],
  [{ OFFSHOOT_IMAGE: 'self', OFFSHOOT_PULL: 'always' }, 'OFFSHOOT_PULL'],
  [{ OFFSHOOT_NAME: 'web', OFFSHOOT_NAME_FILE: '/name' }, 'OFFSHOOT_NAME_FILE'],
  [{ OFFSHOOT_COMPAT: 'waitdemon' }, 'OFFSHOOT_COMPAT'],
])('refuses the contradiction %j', (env, name) => {
  expect(mistakesOf(env).map((mistake) => mistake.name)).toEqual([name]);
});
