import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Running } from '../../../../src/runtime/nerdctl/command/client.ts';
import { withoutOwnWords } from '../../../../src/runtime/nerdctl/containers/output.ts';
import { createTurns } from '../../../../src/runtime/nerdctl/command/turns.ts';
import { collect, failureOf, never } from '../../../support/runtime.ts';

const own = String.raw`time="2026-11-22T06:04:38Z" level=fatal msg="1 errors:\n"` + '\n';

async function read(...parts: string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const none = { pid: undefined, stdin: undefined, aside: undefined };
  const running: Running = { ...none, stdout, stderr, ended: Promise.resolve({ exitCode: 1 }), kill: () => {} };
  const reading = collect(withoutOwnWords(running, never));
  stdout.end();
  for (const part of parts) {
    stderr.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stderr.end();
  return (await reading).stderr;
}

describe('nerdctl’s own last word is taken off what a container said', () => {
  it.each<[string, parts: readonly string[], said: string]>([
    ['alone', [own], ''],
    ['behind a line', ['err\n', own], 'err\n'],
    ['behind words without an end', [`err${own}`], 'err'],
    ['in pieces', Array.from(`x${own}`), 'x'],
    ['nothing of it', ['time=', '"x" other\n'], 'time="x" other\n'],
    ['a log of the container that looks like it', [own.replace('fatal', 'info')], own.replace('fatal', 'info')],
    ['one in its middle', [`${own}more\n`], `${own}more\n`],
    ['a beginning of it at the end', ['a\ntime="2026'], 'a\n'],
    ['text', ['ä\n', 'b'], 'ä\nb'],
  ])('%s', async (_, parts, said) => {
    expect(await read(...parts)).toBe(said);
  });
});

describe('turns', () => {
  it('are given to so many at once, first come, first served', async () => {
    const turns = createTurns(2);
    const order: number[] = [];
    const releases = await Promise.all([turns.take(never), turns.take(never)]);
    const third = turns.take(never).then((release) => (order.push(3), release));
    const fourth = turns.take(never).then((release) => (order.push(4), release));
    expect(order).toEqual([]);
    releases[0]?.();
    (await third)();
    await fourth;
    expect(order).toEqual([3, 4]);
  });

  it('are passed on by who does not want them any more', async () => {
    const turns = createTurns(1);
    const release = await turns.take(never);
    const controller = new AbortController();
    const reason = new Error('not any more');
    const second = turns.take(controller.signal);
    const third = turns.take(never);
    controller.abort(reason);
    expect(await failureOf(second)).toBe(reason);
    release();
    (await third)();
  });
});
