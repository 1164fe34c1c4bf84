import { describe, expect, it } from 'vitest';
import type { OffshootError } from '../../../../src/errors.ts';
import {
  type Answer,
  createRefusal,
  holderOfName,
  isMissing,
  refusal,
  startRefusal,
} from '../../../../src/runtime/nerdctl/command/failures.ts';
import { logLines, reasonIn, warningsIn } from '../../../../src/runtime/nerdctl/command/log-lines.ts';
import { answersOf, recordOf, versions } from './recordings.ts';

describe.each(versions)('what nerdctl answers on containerd %s', (version) => {
  const answers = answersOf(version);
  const answer = (name: string): Answer => {
    const found = answers[name];
    if (found === undefined) throw new Error(`no recording of ${name}`);
    return found;
  };

  it.each(['inspect', 'start', 'stop', 'kill', 'wait', 'logs', 'exec', 'rm'])('is that it is not there: %s', (verb) => {
    expect(isMissing(answer(`${verb}-missing`))).toBe(true);
  });

  it('is that an image is not there', () => {
    expect(isMissing(answer('image-inspect-missing'))).toBe(true);
    expect(isMissing(answer('inspect-missing'))).toBe(true);
    expect(isMissing(answer('wait-created'))).toBe(false);
  });

  it.each<[string, code: string, exitStatus: number]>([
    ['name-taken', 'ERR_NAME_TAKEN', 73],
    ['name-invalid', 'ERR_ENGINE_REFUSED', 73],
    ['image-missing-never', 'ERR_IMAGE_UNAVAILABLE', 66],
    ['user-unknown', 'ERR_ENGINE_REFUSED', 73],
    ['device-missing', 'ERR_ENGINE_REFUSED', 73],
    ['label-too-long', 'ERR_ENGINE_REFUSED', 73],
    ['flag-unknown', 'ERR_ENGINE_REFUSED', 73],
    ['socket-missing', 'ERR_ENGINE_UNAVAILABLE', 69],
  ])('to create: %s → %s', (name, code, exitStatus) => {
    expect(createRefusal(answer(name), 'one', 'alpine')).toMatchObject({ code, exitStatus });
  });

  it.each<[string, code: string, exitStatus: number]>([
    ['command-not-found', 'ERR_COMMAND_NOT_FOUND', 127],
    ['command-not-found-on-path', 'ERR_COMMAND_NOT_FOUND', 127],
    ['command-created-start', 'ERR_COMMAND_NOT_FOUND', 127],
    ['command-not-executable', 'ERR_COMMAND_NOT_EXECUTABLE', 126],
    ['command-is-a-folder', 'ERR_COMMAND_NOT_EXECUTABLE', 126],
    ['mount-source-missing-start', 'ERR_ENGINE_REFUSED', 73],
    ['mount-file-on-folder', 'ERR_ENGINE_REFUSED', 73],
    ['workdir-is-a-file', 'ERR_ENGINE_REFUSED', 73],
    ['network-missing-start', 'ERR_ENGINE_REFUSED', 73],
    ['address-not-of-network', 'ERR_ENGINE_REFUSED', 73],
    ['runtime-missing', 'ERR_ENGINE_REFUSED', 73],
  ])('to start: %s → %s', (name, code, exitStatus) => {
    expect(startRefusal(answer(name), 'a'.repeat(64))).toMatchObject({ code, exitStatus });
  });

  it.each<[string, says: RegExp]>([
    ['socket-missing', /there is no socket of containerd: \/run\/nosuch\.sock does not exist/],
    ['socket-missing-version', /there is no socket of containerd/],
    ['socket-is-a-file', /nothing answers at the socket of containerd/],
  ])('of a containerd that cannot be reached: %s', (name, says) => {
    const error: OffshootError = refusal(answer(name), 'do it');
    expect(error).toMatchObject({ code: 'ERR_ENGINE_UNAVAILABLE', exitStatus: 69 });
    expect(error.message).toMatch(says);
    expect(error.hint).toBeTruthy();
  });

  it('is its last word, without the lines that only warn', () => {
    expect(reasonIn(answer('start-running').stderr)).toMatch(/already running$/);
    expect(reasonIn(answer('network-inspect-missing').stderr)).toBe(
      'unable to find any network matching the provided request',
    );
    expect(reasonIn(answer('name-taken').stderr)).toMatch(/^name-store error\nname "plain" is already used by ID "/);
    expect(warningsIn(answer('mount-source-missing').stderr)).toEqual([
      'mount source "/no/such" does not exist. Please make sure to create the directory on the host.',
    ]);
  });
});

it.each<[string, says: RegExp]>([
  ['nsenter: cannot open /proc/1/ns/ipc: Permission denied', /may not enter its host/],
  ["nsenter: reassociate to namespace 'ns/mnt' failed: Operation not permitted", /may not enter its host/],
  ['nsenter: failed to execute nerdctl: No such file or directory', /the host has no nerdctl/],
  ["nsenter: can't execute 'nerdctl': No such file or directory", /the host has no nerdctl/],
  [
    'time="x" level=fatal msg="failed to dial \\"/run/containerd/containerd.sock\\": context deadline exceeded"',
    /does not answer/,
  ],
  [
    'time="x" level=fatal msg="rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\\""',
    /nothing answers at the socket/,
  ],
])('the words of others: %s', (stderr, says) => {
  expect(refusal({ exitCode: 1, stdout: '', stderr }, 'do it')).toMatchObject({
    exitStatus: 69,
    message: expect.stringMatching(says) as unknown,
  });
});

it.each(versions)('the id that has a name is told on containerd %s', (version) => {
  expect(holderOfName(answersOf(version)['name-taken'] as Answer)).toBe(recordOf(version, 'plain').id);
  expect(holderOfName(answersOf(version)['network-missing'] as Answer)).toBeUndefined();
});

it('Go’s quoting is undone', () => {
  const stderr = String.raw`time="t" level=error msg="a \"b\"\n\tc \x01 \u00e4" error="d: \"e\""` + '\n\nplain words\n';
  expect(logLines(stderr)).toEqual([
    { level: 'error', message: 'a "b"\n\tc \u0001 ä: d: "e"' },
    { level: 'error', message: 'plain words' },
  ]);
});

it('a value of a variable is never repeated', () => {
  const stderr = 'time="t" level=fatal msg="invalid environment variable: =hunter2"';
  expect(createRefusal({ exitCode: 1, stdout: '', stderr }, 'x', 'y').message).not.toContain('hunter2');
});
