import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import { loadImages, nerdctlOk, nerdctlOnPath, payloadImage, whyNoContainerdHost } from '../support/containerd-host.ts';
import { folderWithNerdctl, removeFolder, runtimeOn } from '../support/nerdctl-subject.ts';
import { failureOf } from '../support/runtime.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;
const image = `docker.io/${payloadImage}`;
const program = fileURLToPath(new URL('../support/snapshots-on-host.ts', import.meta.url));

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)(
  'what only containerd %s has' + because,
  (version) => {
    let host: ContainerdHost;
    let folder: string;
    let runtime: Runtime;

    beforeAll(async () => {
      host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace: 'tinkerbell' });
      folder = await folderWithNerdctl(host);
      await loadImages(host, inject('engines'), [payloadImage]);
      runtime = await runtimeOn(host, folder);
    });
    afterAll(async () => {
      await host.stop();
      await removeFolder(folder);
    });

    it.each(['never', 'always'])(
      'snapshots are mounted where somebody can use them, also from beside the host (OFFSHOOT_HOST=%s)',
      async (mode) => {
        const [enter, ...words] = host.enter;
        // By way of its first process the host's mounts are another's.
        const apart = mode === 'always' ? ['unshare', '--mount', '--propagation', 'private'] : [];
        const command = [...words, '--', 'env', `PATH=${host.path}`, ...apart, execPath, program, image, mode];
        const { stdout } = await execa(enter, command);
        expect(JSON.parse(stdout)).toEqual({
          type: 'overlay',
          hasUpper: true,
          seen: expect.arrayContaining(['bin']) as unknown,
          whileMounted: ['ERR_CONFLICT', 'ERR_CONFLICT', 'ERR_CONFLICT'],
          gone: [false, false],
          readOnly: [false, true],
          text: 'yes',
          written: 'EROFS',
          ofCommitted: 'ERR_CONFLICT',
          left: { mounts: false, snapshots: 0 },
        });
      },
    );

    it('snapshots stay when containerd collects what nothing refers to, and go when they are removed', async () => {
      await runtime.snapshots.prepare('kept', image);
      await runtime.snapshots.commit('kept.v1', 'kept');
      const ctr = async (...args: string[]): Promise<unknown> =>
        execa(host.enter[0], [
          ...host.enter.slice(1),
          '--',
          'env',
          `PATH=${host.path}`,
          'ctr',
          '-n',
          'tinkerbell',
          ...args,
        ]);
      // Its end lets containerd collect before it is told.
      await ctr('leases', 'create', '--id', 'collect');
      await ctr('leases', 'delete', '--sync', 'collect');
      const names = async (): Promise<string[]> => (await runtime.snapshots.list()).map((one) => one.name);
      expect(await names()).toEqual(expect.arrayContaining(['kept', 'kept.v1']));
      for (const key of ['kept', 'kept.v1']) await runtime.snapshots.remove(key);
      expect(await names()).not.toEqual(expect.arrayContaining(['kept']));
      expect(await names()).not.toEqual(expect.arrayContaining(['kept.v1']));
    });

    it('snapshots of a container belong to it: none that runs is committed, none is removed', async () => {
      const { id } = await runtime.create({ name: 'holder', image, command: ['sleep', '600'], networkMode: 'none' });
      await runtime.start(id);
      expect(await failureOf(runtime.snapshots.commit('taken', 'holder'))).toMatchObject({ code: 'ERR_CONFLICT' });
      expect(await failureOf(runtime.snapshots.createContainer(id, { name: 'other' }))).toMatchObject({
        code: 'ERR_CONFLICT',
      });
      expect(await failureOf(runtime.snapshots.remove(id))).toMatchObject({ code: 'ERR_CONFLICT' });
      await runtime.kill(id, 'SIGKILL');
      await runtime.wait(id);
      expect(await failureOf(runtime.snapshots.remove(id))).toMatchObject({ code: 'ERR_CONFLICT' });
      await runtime.start(id);
      await runtime.remove(id);
      expect((await runtime.snapshots.list()).map((one) => one.name)).not.toContain(id);
    });

    it('snapshots are of another snapshotter where one is named', async () => {
      expect(await failureOf(runtime.snapshots.list({ snapshotter: 'nope' }))).toMatchObject({ exitStatus: 73 });
      expect(await runtime.snapshots.list({ snapshotter: 'native' })).toEqual([]);
      const made = runtime.snapshots.createContainer('x', { name: 'other' }, { snapshotter: 'native' });
      expect(await failureOf(made)).toMatchObject({ code: 'ERR_NOT_SUPPORTED', capability: 'containerFromSnapshot' });
    });

    it('is told as what can be done', async () => {
      const told = await runtime.capabilities();
      const names = ['tasks', 'taskDelete', 'snapshots', 'snapshotMount', 'containerFromSnapshot', 'cni'] as const;
      for (const name of names) expect([name, told[name]]).toEqual([name, { supported: true }]);
    });

    it('networks of CNI that have no address are not attached half way', async () => {
      // One address beside those of the network, of its gateway, and of all.
      await nerdctlOk(host, 'network', 'create', '--subnet', '10.251.7.0/30', 'narrow');
      const [first, second] = [await sleeper('first'), await sleeper('second')];
      await runtime.cni.attach(first, 'narrow');
      expect(await failureOf(runtime.cni.attach(second, 'narrow'))).toMatchObject({
        code: 'ERR_ENGINE_REFUSED',
        message: expect.stringMatching(
          /^the CNI plugin bridge refused to attach it: .*no IP addresses available/,
        ) as unknown,
      });
      expect(await nerdctlOk(host, 'exec', second, 'ip', 'addr')).not.toContain('eth');
      // Also when the first has ended, and was detached then.
      await runtime.kill(first, 'SIGKILL');
      await runtime.wait(first);
      await runtime.cni.detach(first, 'narrow');
      expect((await runtime.cni.attach(second, 'narrow')).addresses).toEqual(['10.251.7.2/30']);
      await runtime.cni.detach(second, 'narrow');
      for (const id of [first, second]) await runtime.remove(id);
    });

    it('networks of CNI are attached to one start of a container, and each gives its address back', async () => {
      await nerdctlOk(host, 'network', 'create', '--subnet', '10.251.8.0/24', 'again');
      const id = await sleeper('again');
      await runtime.cni.attach(id, 'again');
      await runtime.kill(id, 'SIGKILL');
      await runtime.wait(id);
      await runtime.start(id);
      const { addresses } = await runtime.cni.attach(id, 'again');
      expect(await nerdctlOk(host, 'exec', id, 'ip', 'addr')).toContain(addresses[0]);
      await runtime.cni.detach(id, 'again');
      await runtime.remove(id);
      const [enter, ...words] = host.enter;
      const { stdout } = await execa(enter, [...words, '--', 'ls', '/var/lib/cni/networks/again']);
      expect(stdout).not.toContain('10.251.8');
    });

    async function sleeper(name: string): Promise<string> {
      const { id } = await runtime.create({ name, image, command: ['sleep', '600'], networkMode: 'none' });
      await runtime.start(id);
      return id;
    }
  },
);
