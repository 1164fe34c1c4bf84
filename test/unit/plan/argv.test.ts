import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { parseCommandLine } from '../../../src/plan/argv.ts';

describe('parseCommandLine', () => {
  it.each([
    [[], { verb: 'entrypoint', words: [] }],
    [['/app', '--help', 'x'], { verb: 'entrypoint', words: ['/app', '--help', 'x'] }],
    [['--', 'launch', '-x'], { verb: 'entrypoint', words: ['launch', '-x'] }],
    [['--help'], { verb: 'help' }],
    [['launch', 'alpine', '--help'], { verb: 'help' }],
    [['--version'], { verb: 'version' }],
    [['self', '--self', 'web'], { verb: 'self', flags: { self: 'web' }, command: undefined }],
    [['launch', 'alpine'], { verb: 'launch', flags: { image: 'alpine' }, command: undefined }],
    [['launch', 'alpine', '--'], { verb: 'launch', flags: { image: 'alpine' }, command: [] }],
    [
      ['launch', 'alpine:1.10', '--delay', '010', '--name=007', '--', 'echo', '1.10', '0x10', '--delay'],
      {
        verb: 'launch',
        flags: { image: 'alpine:1.10', delay: '010', name: '007' },
        command: ['echo', '1.10', '0x10', '--delay'],
      },
    ],
    [
      ['plan', '--image', 'a', '--attach', '--no-dry-run'],
      { verb: 'plan', flags: { image: 'a', attach: 'true', dryRun: 'false' }, command: undefined },
    ],
    [
      ['launch', 'a', '--override', '{"a":1}'],
      { verb: 'launch', flags: { image: 'a', override: '{"a":1}' }, command: undefined },
    ],
  ])('%j', (argv, expected) => {
    expect(parseCommandLine(argv)).toEqual(expected);
  });

  it.each([
    [['--launch'], '--launch', 'is not known'],
    [['launch', 'a', '--dealy', '5'], '--dealy', 'did you mean --delay?'],
    [['launch', 'a', 'b'], 'b', 'after --'],
    [['launch', 'a', '--image', 'b'], '--image', 'given twice'],
    [['launch', 'a', '--delay', '1', '--delay', '2'], '--delay', 'given twice'],
    [['launch', 'a', '--delay'], '--delay', 'needs a value'],
    [['launch', 'a', '--no-delay'], '--no-delay', 'needs a value'],
    [['launch', 'a', '--attach=yes'], '--attach', 'takes no value'],
    [['launch', '-x'], '-x', 'no flag'],
    [['self', 'web'], 'web', 'one word too many'],
  ])('refuses %j', (argv, name, says) => {
    let thrown: unknown;
    try {
      parseCommandLine(argv);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidRequestError);
    expect((thrown as InvalidRequestError).mistakes).toContainEqual({ name, problem: expect.stringContaining(says) });
  });

  it('lists every mistake at once', () => {
    expect(() => parseCommandLine(['launch', 'a', 'b', '--bogus', '--delay'])).toThrow(/b: .*\n--bogus: .*\n--delay: /);
  });
});
