import { expect, it } from 'vitest';
import { failedBuild, withoutValues } from '../../../src/runtime/docker/images/build-words.ts';
import { solveProgress } from '../../../src/runtime/docker/images/buildkit-progress.ts';
import type { BuildProgress } from '../../../src/runtime/runtime.ts';

const step = { digest: 'sha256:a', name: '[2/2] RUN echo hunter2' };
const started = { ...step, started: '2026-01-01T00:00:00Z' };
const completed = { ...started, completed: '2026-01-01T00:00:01Z' };
const log = (text: string): object => ({ logs: [{ vertex: 'sha256:a', data: Buffer.from(text).toString('base64') }] });

function read(...lines: readonly (object | string)[]) {
  const told: BuildProgress[] = [];
  const progress = solveProgress((one) => void told.push(one));
  for (const line of lines) progress.take(typeof line === 'string' ? line : JSON.stringify(line));
  return { told, failure: progress.failure() };
}

it('tells what begins, what is said, what is transferred, and what ends, each once', () => {
  const { told } = read(
    { vertexes: [step] },
    { vertexes: [started] },
    { vertexes: [started], statuses: [{ id: 'layer', vertex: 'sha256:a', current: 5, total: 10 }] },
    log('one\ntwo\n'),
    { vertexes: [completed] },
    { vertexes: [completed] },
    { vertexes: [{ ...completed, digest: 'sha256:b', name: 'other', cached: true }] },
    'not JSON',
    '{"broken',
    '{"vertexes": 7}',
  );
  const { name } = step;
  expect(told).toEqual([
    { message: name, step: name, phase: 'started' },
    { message: 'layer', step: name, current: 5, total: 10 },
    { message: 'one', step: name },
    { message: 'two', step: name },
    { message: name, step: name, phase: 'done' },
    { message: 'other', step: 'other', phase: 'cached' },
  ]);
});

it('tells the step that failed, not those that ended for it, and its last lines', () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const { failure } = read(
    { vertexes: [{ ...started, digest: 'sha256:b', name: 'other' }, started] },
    { vertexes: [{ ...started, digest: 'sha256:b', name: 'other', error: 'context canceled' }] },
    log(lines.join('\n')),
    { vertexes: [{ ...completed, error: 'exit code: 3' }] },
    log('the last\n'),
    'ERROR: failed to solve: exit code: 3',
  );
  expect(failure).toEqual({ reason: 'exit code: 3', step: step.name, output: [...lines.slice(-19), 'the last'] });
});

it('tells what is said beside the progress where no step has failed', () => {
  const { failure } = read('Dockerfile:2', 'ERROR: failed to solve: unknown instruction: NONSENSE');
  expect(failure).toMatchObject({
    reason: 'failed to solve: unknown instruction: NONSENSE',
    output: expect.any(Array),
  });
});

it('has no value of an argument in an error', () => {
  const hidden = withoutValues({ TOKEN: 'hunter2', LONGER: 'hunter2-and-more', DOLLAR: '$&x', SHORT: '1', EMPTY: '' });
  expect(hidden('hunter2 1 hunter2-and-more $&x')).toBe('$TOKEN 1 $LONGER $DOLLAR');
  expect(withoutValues({ KEY: 'first line\nsecond line' })('> second line')).toBe('> $KEY');
  const error = failedBuild({ reason: 'hunter2 failed', step: step.name, output: ['said hunter2'] }, hidden);
  expect([error.message, error.step, error.output]).toEqual([
    'the image could not be built at "[2/2] RUN echo $TOKEN": $TOKEN failed; it said: said $TOKEN',
    '[2/2] RUN echo $TOKEN',
    ['said $TOKEN'],
  ]);
});
