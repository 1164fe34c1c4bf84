import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Engine } from '../../../tools/engines/index.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { eventsIn, labTest } from '../../support/lab.ts';

const busybox = 'offshoot-test/busybox:1';

/** Its containers run on while the engine is away: so a launcher sees what a restart looks like. */
export function liveRestoreTests(engine: () => Engine): void {
  const it = labTest(engine);
  // Its socket is another one after a restart: the folder is mounted.
  const flags = (): string[] => ['-v', `${engine().dir}:${engine().dir}`, '--network', 'none'];

  it('a waiter sleeps on, and keeps its deadline', async ({ lab }) => {
    const launched = await lab.launch({
      env: { OFFSHOOT_IMAGE: busybox, OFFSHOOT_DELAY: '4s', DOCKER_HOST: engine().host },
      socket: false,
      flags: flags(),
      words: ['sh', '-c', 'echo ran'],
    });
    const waiter = launched.result.waiter?.id ?? '';
    const { Pid } = (await lab.inspect(waiter)).State;
    await engine().restart({ signal: 'SIGKILL' });
    expect((await lab.inspect(waiter)).State).toMatchObject({ Running: true, Pid });
    await lab.gone(waiter);
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect((await lab.logs(launched.result.id)).stdout).toBe('ran');
    const { StartedAt } = (await lab.inspect(launched.result.id)).State;
    expect(Date.parse(StartedAt)).toBeGreaterThanOrEqual(Date.parse(launched.result.startsAt ?? ''));
  });

  it('an attached launch misses no line, and tells how the sibling ends', async ({ lab }) => {
    const count = 40;
    const words = ['sh', '-c', `i=0; while [ $i -lt ${count} ]; do echo line $i; i=$((i+1)); sleep 0.1; done; exit 5`];
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_ATTACH: 'true', DOCKER_HOST: engine().host };
    const self = await lab.start({ env, words, socket: false, flags: flags() });
    await sleep(1_500);
    await engine().restart({ signal: 'SIGTERM' });
    expect(await lab.ended(self)).toBe(5);
    const { stdout, stderr } = await lab.logs(self);
    expect(stdout.split('\n'), stderr).toEqual(Array.from({ length: count }, (_, line) => `line ${line}`));
  });

  it.for([
    ['create', 'before', { method: 'POST', path: /\/create$/, at: 'request' }],
    ['create', 'after', { method: 'POST', path: /\/create$/, at: 'answer' }],
    ['start', 'before', { method: 'POST', path: /\/start$/, at: 'request' }],
    ['start', 'after', { method: 'POST', path: /\/start$/, at: 'answer' }],
  ] as const)('the engine is killed in mid-request: %s, %s', async ([, , which], { lab }) => {
    const proxy = await startFaultProxy(engine().socket);
    try {
      const { reached, release } = proxy.hold(which);
      const env = { OFFSHOOT_IMAGE: busybox, DOCKER_HOST: `unix://${proxy.socket}` };
      const words = ['sh', '-c', 'echo ran'];
      const mount = ['-v', `${proxy.socket}:${proxy.socket}`, '--network', 'none'];
      const self = await lab.start({ env, words, socket: false, flags: mount });
      await reached;
      const restarted = engine().restart({ signal: 'SIGKILL' });
      release();
      await restarted;
      const status = await lab.ended(self);
      const { stderr } = await lab.logs(self);
      const children = await lab.descendants(self);
      // A start that may have been lost is not made again; a create is.
      if (status === 0) {
        expect(children).toHaveLength(1);
        // One that ends while the engine is away has ended with 255.
        expect([0, 255], stderr).toContain(await lab.ended(children[0] ?? ''));
      } else {
        expect(status, stderr).toBe(69);
        expect(eventsIn(stderr).at(-1)).toMatchObject({ level: 'error', code: 'ERR_ENGINE_UNAVAILABLE' });
        expect(children).toEqual([]);
      }
    } finally {
      await proxy.close();
    }
  });
}
