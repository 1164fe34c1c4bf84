import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { duty } from '../../src/launch/duty.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  loadImages,
  nerdctlOnPath,
  offshootImages,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';
import { eventually } from '../support/lab.ts';
import { type Launched, type NerdctlLab, nerdctlLab, privileged } from '../support/nerdctl-lab.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)(
  'a waiter on a host with containerd %s' + because,
  (version) => {
    let host: ContainerdHost;
    let lab: NerdctlLab;

    beforeAll(async () => {
      host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace: 'tinkerbell' });
      await loadImages(host, inject('engines'), [payloadImage, ...offshootImages]);
      lab = nerdctlLab(host);
      return () => host.stop();
    });
    afterEach(() => lab.cleanUp());

    async function launchIn(delay: string, ...words: string[]): Promise<Launched> {
      const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: payloadImage, OFFSHOOT_DELAY: delay }, words });
      expect(launched).toMatchObject({ exitCode: 0 });
      return launched;
    }

    async function ranOnce({ result }: Launched): Promise<void> {
      await eventually(async () => expect(await lab.ok('logs', result.id)).toBe('ran'));
      await eventually(async () => expect(await lab.names(result.waiter?.name ?? '')).toEqual([]));
      expect(await lab.ok('logs', result.id)).toBe('ran');
    }

    it('is stopped, and takes the sibling with it that was never started', async () => {
      const { result } = await launchIn('1h', 'echo', 'ran');
      const waiter = result.waiter?.name ?? '';
      await eventually(async () => expect((await lab.state(waiter)).Status).toBe('running'));
      await lab.ok('stop', waiter);
      expect(await lab.state(waiter)).toMatchObject({ Status: 'exited', ExitCode: 143 });
      expect(await lab.names(result.name)).toEqual([waiter]);
    });

    it('goes on while containerd is started again', async () => {
      const launched = await launchIn('4s', 'echo', 'ran');
      await host.restart({ signal: 'SIGKILL' });
      expect((await lab.state(launched.result.id)).StartedAt).toBe('');
      await ranOnce(launched);
    });

    it('starts the sibling when containerd is back after the deadline', async () => {
      const launched = await launchIn('1500ms', 'echo', 'ran');
      expect((await lab.state(launched.result.id)).StartedAt).toBe('');
      await host.freeze();
      await sleep(Date.parse(launched.result.startsAt ?? '') - Date.now() + 1_000);
      await host.restart({ signal: 'SIGKILL' });
      await ranOnce(launched);
    });

    it('a launcher ends in time when containerd freezes while it waits, and says what may be left', async () => {
      const name = lab.name();
      const env = { OFFSHOOT_IMAGE: payloadImage, OFFSHOOT_ATTACH: 'true', OFFSHOOT_DELAY: '1h' };
      await lab.launch({ env, flags: [...privileged, '--name', name, '--detach'], words: ['true'] });
      await eventually(async () => expect(await lab.names(`${name}-`)).toHaveLength(1));
      const { Pid } = await lab.state(name);
      const [enter, ...before] = host.enter;
      const tell = async (signal: string): Promise<boolean> =>
        (await execa(enter, [...before, '--', 'kill', `-${signal}`, String(Pid)], { reject: false })).exitCode === 0;
      await host.freeze();
      try {
        const told = performance.now();
        await tell('TERM');
        while (await tell('0')) await sleep(20);
        expect(performance.now() - told).toBeLessThan(4_000);
      } finally {
        host.thaw();
      }
      await eventually(async () => expect((await lab.state(name)).ExitCode).toBe(143));
      expect(await lab.logsOf(name)).toMatch(
        /may be left behind: .*; nerdctl --namespace tinkerbell rm -f [0-9a-f]{64}/,
      );
    });

    it('stays, with the reason in its log, when the sibling cannot be started', async () => {
      const { result } = await launchIn('500ms', 'no-such-command');
      const waiter = result.waiter?.name ?? '';
      await eventually(async () => expect(await lab.logsOf(waiter)).toContain('no-such-command'));
      await eventually(async () => expect(await lab.state(waiter)).toMatchObject({ ExitCode: 127 }));
      expect((await lab.state(result.id)).StartedAt).toBe('');
    });

    it('does nothing after a reboot', async () => {
      const sibling = await lab.ok('create', payloadImage, 'true');
      const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
      const name = lab.name();
      const env = {
        [duty.sibling]: sibling,
        [duty.name]: name,
        [duty.deadline]: String(Math.round(uptime * 100)),
        [duty.bootId]: 'b7ca64b6-0000-4000-8000-000000000000',
        OFFSHOOT_RUNTIME: 'nerdctl',
      };
      const { exitCode, stderr } = await lab.launch({ env, flags: [...privileged, '--name', name], words: [] });
      expect(exitCode).toBe(0);
      expect(stderr).toContain('rebooted');
      expect((await lab.state(sibling)).StartedAt).toBe('');
    });

    it('a sibling of which only its record is left, as after a reboot, is not launched again', async () => {
      const asked = { env: { OFFSHOOT_IMAGE: payloadImage, OFFSHOOT_KEY: 'once' }, words: ['sleep', '600'] };
      const first = await lab.launch(asked);
      const { stdout } = await execa('pgrep', ['-f', `containerd-shim.* -id ${first.result.id}`]);
      for (const pid of stdout.split('\n')) process.kill(Number(pid), 'SIGKILL');
      await eventually(async () => expect((await lab.state(first.result.id)).Status).toBe(''));
      await sleep(10_000); // before, it could be about to be started
      const second = await lab.launch(asked);
      expect(second).toMatchObject({ exitCode: 0, result: { id: first.result.id, existing: true } });
      expect(await lab.names('offshoot-')).toHaveLength(1);
      // nerdctl has freed its name meanwhile.
      const named = { ...asked, env: { OFFSHOOT_IMAGE: payloadImage, OFFSHOOT_NAME: first.result.name } };
      const third = await lab.launch(named);
      expect(third).toMatchObject({ exitCode: 73, stderr: expect.stringContaining('another container') as unknown });
      expect(await lab.names('offshoot-')).toHaveLength(1);
    });
  },
);
