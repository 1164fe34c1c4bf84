import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import { isAlive } from '../../tools/engines/processes.ts';
import { loadImages, nerdctlOk, nerdctlOnPath, payloadImage, whyNoContainerdHost } from '../support/containerd-host.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;
const namespace = 'tinkerbell';
const nerdctl = nerdctlOnPath() ?? '';

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)('containerd %s on its host' + because, (version) => {
  let host: ContainerdHost;
  const ok = (...args: string[]): Promise<string> => nerdctlOk(host, ...args);

  beforeAll(async () => {
    host = await startContainerdHost({ nerdctl, version, namespace });
    await loadImages(host, inject('engines'), [payloadImage]);
    return () => host.stop();
  });

  it('can be frozen, and restarted below its containers', async () => {
    const id = await ok('run', '--detach', '--net', 'none', payloadImage, 'sleep', '600');
    await host.freeze();
    const limit = { signal: AbortSignal.timeout(300) };
    await expect(host.nerdctl(['ps'], limit)).rejects.toThrow('timeout');
    host.thaw();
    const pid = await ok('inspect', '--format', '{{.State.Pid}}', id);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const old = host.containerdPid;
      await host.restart({ signal });
      expect(host.containerdPid).not.toBe(old);
      expect(await ok('inspect', '--format', '{{.State.Running}} {{.State.Pid}}', id)).toBe(`true ${pid}`);
    }
    await ok('rm', '--force', id);
  });

  it('boots again as it was left, when a container reboots it', async () => {
    const id = await ok('run', '--detach', '--restart', 'always', payloadImage, 'sleep', '600');
    const created = await ok('create', payloadImage, 'true');
    await host.nerdctl(['run', '--rm', '--privileged', '--pid', 'host', payloadImage, 'reboot', '-f']);
    await host.gone;
    host = await startContainerdHost({ nerdctl, version, namespace, dir: host.dir });
    await expect.poll(() => ok('inspect', '--format', '{{.State.Running}}', id), { timeout: 15_000 }).toBe('true');
    await ok('start', created);
    await ok('rm', '--force', id, created);
  });

  it('leaves nothing behind', async () => {
    await ok('run', '--detach', payloadImage, 'sleep', '600');
    const world = await readlink(`/proc/${host.pid}/ns/pid`);
    expect((await processesIn(world)).length).toBeGreaterThan(3);
    await host.stop();
    expect(await processesIn(world)).toEqual([]);
    expect(existsSync(host.dir)).toBe(false);
    const name = basename(host.dir);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(name);
    const hierarchies = (await readdir('/sys/fs/cgroup', { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    for (const hierarchy of hierarchies) {
      const groups = await readdir(`/sys/fs/cgroup/${hierarchy.name}`);
      expect(groups.filter((group) => group.includes(name))).toEqual([]);
    }
  });
});

async function processesIn(namespace: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/pid`).catch(() => '')));
  const inside = pids.filter((_, at) => found[at] === namespace);
  // Those that ended may wait for this machine's PID 1 to take note.
  const alive = await Promise.all(inside.map((pid) => isAlive(Number(pid))));
  return inside.filter((_, at) => alive[at]);
}
