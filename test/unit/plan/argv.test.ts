import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { type AskingLine, parseCommandLine } from '../../../src/plan/argv.ts';
import type { AskingVerb } from '../../../src/plan/verbs.ts';

function asking(verb: AskingVerb, more: Partial<AskingLine>): AskingLine {
  return { verb, flags: {}, own: {}, words: [], command: undefined, ...more };
}

describe('parseCommandLine', () => {
  it.each([
    [[], { verb: 'entrypoint', words: [] }],
    [['/app', '--help', 'x'], { verb: 'entrypoint', words: ['/app', '--help', 'x'] }],
    [['--', 'launch', '-x'], { verb: 'entrypoint', words: ['launch', '-x'] }],
    [['--help'], { verb: 'help' }],
    [['launch', 'alpine', '--help'], { verb: 'help' }],
    [['--version'], { verb: 'version' }],
    [['self', '--self', 'web'], asking('self', { flags: { self: 'web' } })],
    [
      ['self', '--runtime=docker', '--log', 'json', '--log-level', 'debug'],
      asking('self', { flags: { runtime: 'docker', log: 'json', logLevel: 'debug' } }),
    ],
    [['path', '/data'], asking('path', { words: ['/data'] })],
    [
      ['path', '--json', './a', '--self', 'web'],
      asking('path', { words: ['./a'], flags: { self: 'web' }, own: { json: ['true'] } }),
    ],
    [['path', '--', '--json'], asking('path', { words: ['--json'] })],
    [['sweep'], asking('sweep', {})],
    [
      ['sweep', '--dry-run', '--older-than', '1h', '--json', '--runtime=docker'],
      asking('sweep', { flags: { dryRun: 'true', runtime: 'docker' }, own: { 'older-than': ['1h'], json: ['true'] } }),
    ],
    [['ps', '-aq'], asking('ps', { own: { all: ['true'], quiet: ['true'] } })],
    [
      ['ps', '--filter', 'a=b', '--filter=c', '--no-json'],
      asking('ps', { own: { filter: ['a=b', 'c'], json: ['false'] } }),
    ],
    [['logs', '-f', 'web', '-n', '010'], asking('logs', { words: ['web'], own: { follow: ['true'], tail: ['010'] } })],
    [
      ['stop', '-t5', '-s', 'INT', 'a', 'b'],
      asking('stop', { words: ['a', 'b'], own: { time: ['5'], signal: ['INT'] } }),
    ],
    [['rm', '-f', '--', '-x'], asking('rm', { words: ['-x'], own: { force: ['true'] } })],
    [['wait', 'key=nightly'], asking('wait', { words: ['key=nightly'] })],
    [
      ['exec', '-it', 'web', 'sh', '-c', 'ls -t; echo $0', '--help'],
      asking('exec', {
        words: ['web'],
        own: { interactive: ['true'], tty: ['true'] },
        command: ['sh', '-c', 'ls -t; echo $0', '--help'],
      }),
    ],
    [
      ['exec', 'web', '-e', 'A=b=c', '--runtime', 'docker', '--', '-x', '--', 'y'],
      asking('exec', {
        words: ['web'],
        flags: { runtime: 'docker' },
        own: { env: ['A=b=c'] },
        command: ['-x', '--', 'y'],
      }),
    ],
    [['exec', 'web', 'a', '--', 'b'], asking('exec', { words: ['web'], command: ['a', '--', 'b'] })],
    [['events', '--type', 'image', '--since=1h'], asking('events', { own: { type: ['image'], since: ['1h'] } })],
    [
      ['pull', 'a:1', '--platform', 'linux/arm64'],
      asking('pull', { words: ['a:1'], flags: { platform: 'linux/arm64' } }),
    ],
    [['exec', '--help', 'web'], { verb: 'help' }],
    [['completion', 'fish'], asking('completion', { words: ['fish'] })],
    [['plan', 'a'], { verb: 'plan', flags: { image: 'a' }, command: undefined, as: undefined, showValues: false }],
    [
      ['plan', 'a', '--json'],
      { verb: 'plan', flags: { image: 'a' }, command: undefined, as: 'json', showValues: false },
    ],
    [
      ['plan', 'a', '--json', '--as', 'json'],
      { verb: 'plan', flags: { image: 'a' }, command: undefined, as: 'json', showValues: false },
    ],
    [
      ['plan', 'a', '--as', 'compose', '--show-values', '--', 'x'],
      { verb: 'plan', flags: { image: 'a' }, command: ['x'], as: 'compose', showValues: true },
    ],
    [
      ['launch', 'a', '--label', 'a=b c', '--label=["x"]', '--publish', '80', '--label', ''],
      { verb: 'launch', flags: { image: 'a', label: ['a=b c', '["x"]', ''], publish: ['80'] }, command: undefined },
    ],
    [
      ['launch', 'a', '--drop-env', 'A*', '--keep-env', 'B', '--mount', '/a', '--network', 'n', '--auto-remove'],
      {
        verb: 'launch',
        flags: { image: 'a', dropEnv: ['A*'], keepEnv: ['B'], mount: ['/a'], network: ['n'], autoRemove: 'true' },
        command: undefined,
      },
    ],
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
      {
        verb: 'plan',
        flags: { image: 'a', attach: 'true', dryRun: 'false' },
        command: undefined,
        as: undefined,
        showValues: false,
      },
    ],
    [
      ['launch', 'a', '--override', '{"a":1}'],
      { verb: 'launch', flags: { image: 'a', override: '{"a":1}' }, command: undefined },
    ],
  ])('%j', (argv, expected) => {
    expect(parseCommandLine(argv)).toStrictEqual(expected);
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
    [['launch', 'a', '--label'], '--label', 'needs a value'],
    [['launch', 'a', '--no-label'], '--no-label', 'needs a value'],
    [['launch', 'a', '--as', 'json'], '--as', 'no flag of offshoot launch'],
    [['launch', 'a', '--lable', 'a=b'], '--lable', 'did you mean --label?'],
    [['plan', 'a', '--as', 'yaml'], '--as', '"yaml": expected one of: docker-run, compose, json'],
    [['plan', 'a', '--as', 'json', '--as', 'compose'], '--as', 'given twice'],
    [['plan', 'a', '--as'], '--as', 'needs a value'],
    [['plan', 'a', '--show-values=yes'], '--show-values', 'takes no value'],
    [['launch', 'a', '--json'], '--json', 'no flag of offshoot launch'],
    [['plan', 'a', '--json', '--as', 'compose'], '--json', 'contradicts --as=compose'],
    [['self', 'web'], 'web', 'one word too many'],
    [['self', '--', 'web'], 'web', 'one word too many'],
    [['self', '--image', 'a'], '--image', 'is no flag of offshoot self'],
    [['self', '--delay', '5'], '--delay', 'is no flag of offshoot self'],
    [['self', '--slef', 'web'], '--slef', 'did you mean --self?'],
    [['path'], 'PATH', 'is missing'],
    [['path', ''], 'PATH', 'is missing'],
    [['path', '/a', '/b'], '/b', 'one word too many'],
    [['path', '/a', '--', '/b'], '/b', 'one word too many'],
    [['path', '/a', '--as', 'json'], '--as', 'is no flag of offshoot path'],
    [['path', '/a', '--json=yes'], '--json', 'takes no value'],
    [['logs'], 'CONTAINER', 'is missing; expected offshoot logs CONTAINER'],
    [['logs', 'a', 'b'], 'b', 'one word too many'],
    [['logs', 'a', '--folow'], '--folow', 'did you mean --follow?'],
    [['logs', 'a', '-i'], '-i', 'is no flag of offshoot logs'],
    [['stop', 'a', ''], 'CONTAINER', 'is missing; expected offshoot stop CONTAINER…'],
    [['stop', 'a', '--time'], '--time', 'needs a value'],
    [['exec', 'web'], 'COMMAND', 'is missing; expected offshoot exec CONTAINER COMMAND…'],
    [['exec', 'web', '--'], 'COMMAND', 'is missing'],
    [['exec', '--', 'web', 'ls'], 'CONTAINER', 'is missing'],
    [['ps', 'web'], 'web', 'one word too many'],
    [['completion'], 'SHELL', 'is missing'],
    [['completion', 'csh'], 'SHELL', '"csh": expected one of: bash, zsh, fish'],
    [['pull'], 'IMAGE', 'is missing; expected offshoot pull IMAGE'],
    [['pull', 'a', '--delay', '5'], '--delay', 'is no flag of offshoot pull'],
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

  it('does not take the value of a flag of another verb for a word', () => {
    expect(() => parseCommandLine(['self', '--delay', '5'])).toThrow(/^--delay: is no flag of offshoot self$/);
  });

  it('lists every mistake at once', () => {
    expect(() => parseCommandLine(['launch', 'a', 'b', '--bogus', '--delay'])).toThrow(/b: .*\n--bogus: .*\n--delay: /);
  });
});
