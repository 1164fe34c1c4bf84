import { describe, expect, it } from 'vitest';
import * as errors from '../../src/errors.ts';
import { exitStatusFor } from '../../src/exit.ts';

const { CancelledError, describeError, exitStatusOf } = errors;

const table: readonly (readonly [error: errors.OffshootError, code: string, status: number, asWaitdaemon: number])[] = [
  [new errors.InvalidRequestError([{ name: 'IMAGE', problem: 'is not set' }]), 'ERR_INVALID_REQUEST', 64, 1],
  [new errors.NotSupportedError('x'), 'ERR_NOT_SUPPORTED', 64, 1],
  [new errors.SelfNotFoundError('x', []), 'ERR_SELF_NOT_FOUND', 65, 1],
  [new errors.ImageUnavailableError('x'), 'ERR_IMAGE_UNAVAILABLE', 66, 1],
  [new errors.EngineUnavailableError('x'), 'ERR_ENGINE_UNAVAILABLE', 69, 12],
  [new errors.InternalError('x'), 'ERR_INTERNAL', 70, 1],
  [new errors.EngineRefusedError('x'), 'ERR_ENGINE_REFUSED', 73, 1],
  [new errors.NameTakenError('x'), 'ERR_NAME_TAKEN', 73, 1],
  [new errors.NotReadyError('x', 3), 'ERR_NOT_READY', 73, 1],
  [new errors.InvalidArgumentError('id', 'x'), 'ERR_INVALID_ARGUMENT', 64, 1],
  [new errors.NotFoundError('image', 'x'), 'ERR_NOT_FOUND', 73, 1],
  [new errors.AlreadyExistsError('x'), 'ERR_ALREADY_EXISTS', 73, 1],
  [new errors.ConflictError('x'), 'ERR_CONFLICT', 73, 1],
  [new errors.ContainerExitedError('x', 1), 'ERR_CONTAINER_EXITED', 73, 1],
  [new errors.ExecError('x'), 'ERR_EXEC', 73, 1],
  [new errors.BuildError('x'), 'ERR_BUILD', 73, 1],
  [new errors.ComposeError('x', 1), 'ERR_COMPOSE', 73, 1],
  [new errors.StopTimeoutError('x'), 'ERR_STOP_TIMEOUT', 75, 1],
  [new errors.TimeoutError('x'), 'ERR_TIMEOUT', 75, 1],
  [new errors.PolicyError('/policy.json', [{ rule: 'images', problem: 'x' }]), 'ERR_POLICY', 77, 1],
  [new errors.NotInTimeError('x'), 'ERR_TIMEOUT', 75, 1],
  [new errors.CommandNotExecutableError('x'), 'ERR_COMMAND_NOT_EXECUTABLE', 126, 1],
  [new errors.CommandNotFoundError('x'), 'ERR_COMMAND_NOT_FOUND', 127, 1],
  [new CancelledError('SIGHUP'), 'ERR_CANCELLED', 129, 129],
  [new CancelledError('SIGINT'), 'ERR_CANCELLED', 130, 130],
  [new CancelledError('SIGQUIT'), 'ERR_CANCELLED', 131, 131],
  [new CancelledError('SIGTERM'), 'ERR_CANCELLED', 143, 143],
];

describe.each(table)('%s', (error, code, status, asWaitdaemon) => {
  it(`has the code ${code} and ends with ${status}`, () => {
    expect(error.code).toBe(code);
    expect(exitStatusOf(error)).toBe(status);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(error.constructor.name);
  });

  it(`ends with ${asWaitdaemon} in place of waitdaemon, and with 2 as its waiter`, () => {
    expect(exitStatusFor(error, 'launch', 'waitdaemon')).toBe(asWaitdaemon);
    const asWaiter = asWaitdaemon === 1 ? 2 : asWaitdaemon;
    expect(exitStatusFor(error, 'waiter', 'waitdaemon')).toBe(asWaiter);
    expect(exitStatusFor(error, 'launch', undefined)).toBe(status);
  });
});

it('has a row for every error there is', () => {
  const classes = Object.values(errors).filter(
    (value) => typeof value === 'function' && value.prototype instanceof Error,
  );
  const abstract = [errors.OffshootError];
  const tested = new Set<unknown>([...table.map(([error]) => error.constructor), ...abstract]);
  expect(classes.filter((one) => !tested.has(one))).toEqual([]);
});

it('a runtime that waitdaemon does not know is no engine to it', () => {
  const error = new errors.InvalidRequestError([{ name: 'CONTAINER_RUNTIME', problem: 'x' }]);
  expect(exitStatusFor(error, 'launch', 'waitdaemon')).toBe(12);
});

it('what is not ours is a fault of ours', () => {
  expect(exitStatusOf(new TypeError('x'))).toBe(70);
  expect(exitStatusOf('x')).toBe(70);
});

it('describes an error with its hint and each refused candidate', () => {
  const tried = [{ reference: 'abc', evidence: ['the host name', '/proc/self/cgroup'], reason: 'does not run' }];
  const error = new errors.SelfNotFoundError('cannot tell', tried, { hint: 'Do this.' });
  expect(describeError(error)).toBe('cannot tell\n  abc: does not run (the host name; /proc/self/cgroup)\nDo this.');
});
