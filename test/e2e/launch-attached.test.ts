import { describe, expect, inject } from 'vitest';
import { eventually, type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';
const attached = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_ATTACH: 'true' };
const quiet = { ...attached, OFFSHOOT_LOG_LEVEL: 'error' };

// Where an engine keeps its images, and what it shows of control groups, makes no difference here.
const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('attached on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it('passes output on byte for byte, each stream to its own', async ({ lab }) => {
    const everyByte = `i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %o $i)"; i=$((i+1)); done`;
    const script = `${everyByte}; ${everyByte} >&2; yes offshoot | head -c 2000000; printf 'no newline'; printf end >&2`;
    const flags = lab.runFlags({ env: quiet, words: ['sh', '-c', script] });
    const { stdout, stderr } = await lab.spawn(engine.docker, ['run', ...flags], {
      encoding: 'buffer',
      stripFinalNewline: false,
    });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const lines = Buffer.from('offshoot\n'.repeat(2_000_000 / 9 + 1)).subarray(0, 2_000_000);
    expect(Buffer.compare(Buffer.from(stdout), Buffer.concat([bytes, lines, Buffer.from('no newline')]))).toBe(0);
    expect(Buffer.compare(Buffer.from(stderr), Buffer.concat([bytes, Buffer.from('end')]))).toBe(0);
  });

  it.for([0, 1, 2, 64, 125, 126, 127, 128, 137, 143, 255])(
    'ends with the status of the sibling: %i',
    async (status, { lab }) => {
      const { exitCode, stdout } = await lab.launch({ env: quiet, words: ['sh', '-c', `echo it; exit ${status}`] });
      expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: 'it' });
    },
  );

  it('tells what it does on stderr, and its result too', async ({ lab }) => {
    const env = { ...attached, OFFSHOOT_LOG_LEVEL: 'debug' };
    const { stdout, events, self } = await lab.launch({ env, words: ['echo', 'hello'] });
    expect(stdout).toBe('hello');
    const [child] = await lab.descendants(self);
    expect(events.at(-1)).toMatchObject({ event: 'result', result: { id: child, existing: false, waiter: null } });
  });

  it('passes signals on, and lets the sibling decide', async ({ lab }) => {
    const names = ['HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'WINCH', 'CONT'];
    const traps = names.map((name) => `trap 'echo ${name}' ${name}`).join('; ');
    const script = `${traps}; trap 'echo TERM; exit 42' TERM; echo ready; while :; do sleep 0.05; done`;
    const self = await lab.start({ env: quiet, words: ['sh', '-c', script] });
    await says(lab, self, ['ready']);
    for (const [index, name] of names.entries()) {
      await lab.ok('kill', '--signal', name, self);
      await says(lab, self, ['ready', ...names.slice(0, index + 1)]);
    }
    await lab.ok('kill', '--signal', 'TERM', self);
    expect(await lab.ended(self)).toBe(42);
    await says(lab, self, ['ready', ...names, 'TERM']);
  });

  it('ends as a sibling that was killed', async ({ lab }) => {
    const self = await lab.start({ env: quiet, words: ['sh', '-c', 'echo ready; sleep 1000'] });
    await says(lab, self, ['ready']);
    const [sibling = ''] = await lab.descendants(self);
    await lab.ok('kill', sibling);
    expect(await lab.ended(self)).toBe(137);
  });

  it('gives the sibling a terminal when self has one, and shows what that shows', async ({ lab }) => {
    const words = ['sh', '-c', 'test -t 1 && echo "a terminal"; printf "two\\nlines\\n"; exit 3'];
    const flags = ['run', ...lab.runFlags({ env: quiet, flags: ['-t'], words })];
    const { exitCode, stdout } = await lab.spawn(engine.docker, flags, { stripFinalNewline: false });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: 'a terminal\r\ntwo\r\nlines\r\n' });
  });

  it('waits for its time itself, and then attaches', async ({ lab }) => {
    const before = Date.now();
    const { exitCode, stdout, self } = await lab.launch({
      env: { ...quiet, OFFSHOOT_DELAY: '700ms' },
      words: ['echo', 'late'],
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'late' });
    const [child = '', ...others] = await lab.descendants(self);
    expect(others).toEqual([]);
    expect(Date.parse((await lab.inspect(child)).State.StartedAt) - before).toBeGreaterThanOrEqual(700);
  });

  it('leaves nothing when the sibling cannot start', async ({ lab }) => {
    const { exitCode, stdout, self } = await lab.launch({ env: attached, words: ['no-such-command'] });
    expect({ exitCode, stdout }).toEqual({ exitCode: 127, stdout: '' });
    expect(await lab.descendants(self)).toEqual([]);
  });

  it('attaches to the sibling of a key that was launched before', async ({ lab }) => {
    const env = { ...quiet, OFFSHOOT_KEY: lab.mark };
    const words = ['sh', '-c', 'echo once; sleep 0.5; echo done; exit 9'];
    const [first, second] = await Promise.all([lab.launch({ env, words }), lab.launch({ env, words })]);
    const third = await lab.launch({ env, words });
    for (const { exitCode, stdout } of [first, second, third])
      expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: 'once\ndone' });
    expect(await lab.descendants(first.self, second.self, third.self)).toHaveLength(1);
  });
});

async function says(lab: Lab, id: string, lines: readonly string[]): Promise<void> {
  await eventually(async () => expect((await lab.logs(id)).stdout.split('\n')).toEqual(lines));
}
