import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  loadImages,
  nerdctlOnPath,
  offshootImages,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';
import { eventually } from '../support/lab.ts';
import { type NerdctlLab, nerdctlLab } from '../support/nerdctl-lab.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;

/** What docs/engines.md says that a nerdctl in a container needs. */
const shared = [
  ...['/usr/local/bin:/usr/local/bin:ro', '/run/containerd:/run/containerd', '/var/lib/nerdctl:/var/lib/nerdctl'],
  ...['/var/lib/containerd:/var/lib/containerd:rshared', '/etc/cni:/etc/cni', '/usr/lib/cni:/usr/lib/cni'],
  '/etc/nerdctl:/etc/nerdctl',
];
const flags = ['--privileged', ...shared.flatMap((bind) => ['--volume', bind])];

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)(
  'by a nerdctl in the container itself, on a host with containerd %s' + because,
  (version) => {
    let host: ContainerdHost;
    let lab: NerdctlLab;
    const env = { OFFSHOOT_IMAGE: payloadImage, OFFSHOOT_HOST: 'never', OFFSHOOT_INHERIT: '-mounts' };

    beforeAll(async () => {
      host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace: 'tinkerbell' });
      await loadImages(host, inject('engines'), [payloadImage, ...offshootImages]);
      lab = nerdctlLab(host);
      return () => host.stop();
    });
    afterEach(() => lab.cleanUp());

    it('launches its sibling at once', async () => {
      const { exitCode, result } = await lab.launch({ env, flags, words: ['echo', 'now'] });
      expect(exitCode).toBe(0);
      await eventually(async () => expect(await lab.ok('logs', result.id)).toBe('now'));
    });

    it('launches its sibling later, by a waiter that has the same way and cannot remove itself', async () => {
      const { exitCode, result } = await lab.launch({
        env: { ...env, OFFSHOOT_DELAY: '2' },
        flags,
        words: ['echo', 'later'],
      });
      expect(exitCode).toBe(0);
      const waiter = result.waiter?.name ?? '';
      const targets = (await lab.native(waiter)).Spec.mounts.map(({ destination }) => destination);
      expect(targets).toEqual(expect.arrayContaining(shared.map((bind) => bind.split(':')[1])));
      await eventually(async () => expect(await lab.ok('logs', result.id)).toBe('later'));
      await eventually(async () => expect(await lab.state(waiter)).toMatchObject({ Status: 'exited', ExitCode: 0 }));
      expect(await lab.logsOf(waiter)).toContain(`${waiter} stays: a nerdctl in this container cannot remove it`);
    });
  },
);
