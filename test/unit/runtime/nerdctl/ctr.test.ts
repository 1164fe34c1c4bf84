import { execFileSync } from 'node:child_process';
import { pid } from 'node:process';
import { describe, expect, it } from 'vitest';
import { ConflictError, EngineUnavailableError, NotSupportedError } from '../../../../src/errors.ts';
import { createClient } from '../../../../src/runtime/nerdctl/command/client.ts';
import { createCtr, ctrRefusal, whyNoCtr } from '../../../../src/runtime/nerdctl/command/ctr.ts';
import { chainOf } from '../../../../src/runtime/nerdctl/snapshots/snapshot-images.ts';
import { mountsIn, parentsIn } from '../../../../src/runtime/nerdctl/snapshots/snapshot-store.ts';
import { rowsIn } from '../../../../src/runtime/nerdctl/snapshots/tasks.ts';
import type { Way } from '../../../../src/runtime/nerdctl/command/way.ts';

const { signal } = new AbortController();
const needed = { operation: 'snapshots.list', capability: 'snapshots' };
const refused = (stderr: string): Error => ctrRefusal({ exitCode: 1, stdout: '', stderr }, 'remove it');

/** The real program is run, which looks for a `ctr` where there is none. */
function nsenterWay(...enter: string[]): Way {
  const flags = ['-t', String(pid), '-m', '--'];
  return {
    onHost: true,
    enter: [...enter, ...flags],
    env: { PATH: '/nonexistent' },
    nerdctl: 'nerdctl',
    address: undefined,
  };
}

function which(program: string): string {
  return execFileSync('which', [program], { encoding: 'utf8' }).trim();
}

describe('a ctr', () => {
  it.each([[['nsenter']], [['busybox', 'nsenter']]])(
    'that the host does not have is told by %s',
    async ([program = '', ...words]) => {
      const client = createClient(nsenterWay(which(program), ...words), []);
      const error = await createCtr({ client, namespace: 'x' }, needed).run(['snapshots', 'ls'], signal).catch(String);
      expect(error).toBe(
        String(new NotSupportedError('snapshots.list is not supported by nerdctl: there is no ctr beside nerdctl')),
      );
      expect(await whyNoCtr({ client, namespace: 'x' }, signal)).toBe('there is no ctr beside nerdctl');
    },
  );

  it('that refuses does so for the state of a thing, because containerd is away, or for another reason', () => {
    expect(
      refused('ctr: failed to remove "v1": cannot remove snapshot with child: failed precondition'),
    ).toBeInstanceOf(ConflictError);
    const away = 'ctr: failed to dial "/run/containerd/containerd.sock": context deadline exceeded';
    expect(refused(away)).toBeInstanceOf(EngineUnavailableError);
    expect(refused('ctr: odd').message).toBe('containerd refused to remove it: odd');
  });
});

describe('ctr tells', () => {
  it('tasks', () => {
    const text = [
      'TASK    PID     STATUS    ',
      'aa      427     PAUSED',
      'bb      590     STOPPED',
      'cc      12      ODD',
      '',
    ].join('\n');
    expect(rowsIn(text)).toEqual([
      { id: 'aa', pid: 427, status: 'paused', exitCode: undefined },
      { id: 'bb', pid: 0, status: 'stopped', exitCode: undefined },
      { id: 'cc', pid: 12, status: 'unknown', exitCode: undefined },
    ]);
    expect(rowsIn('TASK    PID    STATUS    \n')).toEqual([]);
  });

  it('snapshots, with and without a parent', () => {
    const text = 'KEY     PARENT  KIND      \nbase            Committed \nwork    base    Active    \n';
    expect([...parentsIn(text)]).toEqual([
      ['base', undefined],
      ['work', 'base'],
    ]);
  });

  it('mounts', () => {
    const text =
      'mount -t overlay overlay /t -o index=off,lowerdir=/a:/b,upperdir=/c\nmount -t bind /x /t -o ro,rbind\n';
    expect(mountsIn(text)).toEqual([
      { type: 'overlay', source: 'overlay', options: ['index=off', 'lowerdir=/a:/b', 'upperdir=/c'] },
      { type: 'bind', source: '/x', options: ['ro', 'rbind'] },
    ]);
    expect(mountsIn('')).toEqual([]);
  });
});

it('the snapshot of an image is called as the chain of its layers', () => {
  const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  expect(chainOf([])).toBeUndefined();
  expect(chainOf([one])).toBe(one);
  const printf = execFileSync('sh', ['-c', `printf '%s' "${one} ${two}" | sha256sum`], { encoding: 'utf8' });
  expect(chainOf([one, two])).toBe(`sha256:${printf.slice(0, 64)}`);
});
