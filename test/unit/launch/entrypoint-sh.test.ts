import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { duty } from '../../../src/launch/duty.ts';

const entrypoint = fileURLToPath(new URL('../../../entrypoint.sh', import.meta.url));

let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offshoot-entrypoint-'));
  script = join(folder, 'entrypoint.sh');
  // In an image the launcher is at a fixed place; here it is a program that tells how it was called, and when.
  const launcher = join(folder, 'offshoot');
  const tell = `read -r uptime _ </proc/uptime\necho "launcher $uptime $${duty.signal} $*"`;
  makeProgram(launcher, tell);
  makeProgram(script, readFileSync(entrypoint, 'utf8').replace('/opt/offshoot/offshoot', launcher));
  // POSIX promises no fractions.
  makeProgram(join(folder, 'sleep'), 'case $1 in *.*) exit 1 ;; esac\nexec /bin/sleep "$1"');
});
afterAll(() => rmSync(folder, { recursive: true }));

function makeProgram(path: string, text: string): void {
  writeFileSync(path, text.startsWith('#!') ? text : `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

describe.each([['/bin/dash'], ['/bin/busybox', 'sh'], ['/bin/bash', '--posix'], ['/usr/lib/klibc/bin/sh']])(
  'entrypoint.sh in %s',
  { concurrent: true },
  (program, ...args) => {
    beforeEach(({ skip }) => {
      if (spawnSync(program, [...args, '-c', 'true']).error !== undefined) skip(`${program} is not installed`);
    });

    const run = (words: readonly string[], env: Record<string, string>) =>
      execa(program, [...args, script, ...words], {
        env: { PATH: '/usr/bin:/bin', ...env },
        extendEnv: false,
        reject: false,
      });

    it('has no syntax error', async () => {
      const { exitCode, stderr } = await execa(program, [...args, '-n', script], { reject: false });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    });

    it.for([
      ['OFFSHOOT_IMAGE', 'self'],
      ['OFFSHOOT_IMAGE_FILE', '/run/secrets/image'],
      ['OFFSHOOT_COMPAT', 'waitdaemon'],
    ] as const)('%s calls the launcher, without the words that follow', async ([name, value]) => {
      expect((await run(['echo', 'no'], { [name]: value })).stdout).toMatch(/^launcher \S+ {2}$/);
    });

    it('takes an empty variable for none', async () => {
      const env = { OFFSHOOT_IMAGE: '', OFFSHOOT_IMAGE_FILE: '', OFFSHOOT_COMPAT: '', [duty.sibling]: '' };
      expect((await run(['echo', 'inert'], env)).stdout).toBe('inert');
    });

    it('has the launcher tell that there is no command', async () => {
      expect((await run([], {})).stdout).toMatch(/^launcher \S+ {2}--$/);
    });

    /** How long before its deadline a waiter calls the launcher, in milliseconds. */
    async function earlyBy(ms: number, more: Record<string, string> = {}): Promise<number> {
      const env = waiterEnv(ms, more);
      const { stdout } = await run([], env);
      return Number(env[duty.deadline]) * 10 - Number(stdout.split(' ')[1]) * 1_000;
    }

    it('sleeps until shortly before the deadline', async () => {
      const early = await earlyBy(1_400);
      expect(early).toBeLessThanOrEqual(800);
      expect(early).toBeGreaterThan(-1_000); // a slow machine
    });

    it('sleeps whole seconds where there are no fractions', async () => {
      const early = await earlyBy(2_400, { PATH: `${folder}:/usr/bin:/bin` });
      expect(early).toBeLessThanOrEqual(1_400);
      expect(early).toBeGreaterThan(-1_000);
    });

    it('leaves the waiting to the launcher where there is no sleep', async ({ skip }) => {
      if (program.endsWith('busybox')) skip('busybox has a sleep in it');
      expect(await earlyBy(60_000, { PATH: '/nonexistent' })).toBeGreaterThan(50_000);
    });

    it('does not wait for a deadline that is over, or after a reboot', async () => {
      expect(await earlyBy(-60_000)).toBeLessThan(-59_000);
      expect(await earlyBy(60_000, { [duty.bootId]: 'another' })).toBeGreaterThan(50_000);
    });

    it.for(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('calls the launcher at once at %s', async (signal) => {
      const running = run([], waiterEnv(60_000));
      const children = `/proc/${running.pid}/task/${running.pid}/children`;
      while (readFileSync(children, 'utf8') === '') await sleep(10); // until it waits
      running.kill(signal);
      expect((await running).stdout).toMatch(new RegExp(`^launcher \\S+ ${signal} $`));
    });
  },
);

it('entrypoint.sh is clean for shellcheck', ({ skip }) => {
  const { error, stdout } = spawnSync('shellcheck', ['--shell=sh', entrypoint], { encoding: 'utf8' });
  if (error !== undefined) skip('shellcheck is not installed');
  expect(stdout).toBe('');
});

/** For a deadline that is so far away. */
function waiterEnv(ms: number, more: Record<string, string> = {}): Record<string, string> {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return {
    [duty.sibling]: 'id',
    [duty.deadline]: String(Math.round(uptime * 100 + ms / 10)),
    [duty.bootId]: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    ...more,
  };
}
