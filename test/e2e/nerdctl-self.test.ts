import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { LaunchResult } from '../../src/launch/result.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  loadImages,
  nerdctlOnPath,
  offshootImages,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';
import { type NerdctlLab, nerdctlLab } from '../support/nerdctl-lab.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;
const namespace = 'tinkerbell';

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)(
  'a container that nerdctl has not made, on a host with containerd %s' + because,
  (version) => {
    let host: ContainerdHost;
    let lab: NerdctlLab;

    beforeAll(async () => {
      host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace });
      await loadImages(host, inject('engines'), [payloadImage, ...offshootImages]);
      lab = nerdctlLab(host);
      return () => host.stop();
    });
    afterEach(() => lab.cleanUp());

    /** Privileged, with the host's process ids, by containerd's own client: it has no flag for less than a namespace. */
    async function launchByCtr(id: string, flags: readonly string[], ...words: string[]): Promise<LaunchResult> {
      const usual = ['--rm', '--privileged', '--with-ns', 'pid:/proc/1/ns/pid', '--cpu-shares', '0'];
      const { stdout } = await onHost(
        ...['ctr', '--namespace', namespace, 'run', ...usual, ...flags, '--env', `OFFSHOOT_IMAGE=${payloadImage}`],
        ...['docker.io/library/offshoot:dev', id, '/opt/offshoot/entrypoint.sh', ...words],
      );
      return JSON.parse(stdout) as LaunchResult;
    }

    function onHost(...command: string[]): ReturnType<typeof execa> & Promise<{ stdout: string }> {
      const [enter, ...before] = host.enter;
      return execa(enter, [...before, '--', 'env', '-i', `PATH=${host.path}`, ...command]) as never;
    }

    it('knows its namespace and itself by its shim, and shares what is the host’s', async () => {
      const result = await launchByCtr('made-by-ctr', ['--net-host', '--env', 'OWN=a'], 'sleep', '600');
      expect(result).toMatchObject({ self: { id: 'made-by-ctr', name: 'made-by-ctr' }, existing: false });
      const { Labels, Spec } = await lab.native(result.id);
      expect(Labels).toMatchObject({ 'nerdctl/namespace': namespace, 'nerdctl/networks': '["host"]' });
      expect(Spec.process.args).toEqual(['sleep', '600']);
      expect(Spec.process.env).toContain('OWN=a');
      const own = Spec.linux.namespaces.map(({ type }) => type);
      expect(own).not.toContain('pid');
      expect(own).not.toContain('network');
      expect(Spec.linux.maskedPaths).toBeUndefined();
    });

    it('has a sibling in the network that it has joined by its path', async () => {
      await lab.ok('run', '--detach', '--name', 'pod', payloadImage, 'sleep', '600');
      const { Pid } = await lab.state('pod');
      const result = await launchByCtr('member', ['--with-ns', `network:/proc/${Pid}/ns/net`], 'sleep', '600');
      const [ofPod, ofSibling] = await Promise.all(
        ['pod', result.id].map((one) => lab.ok('exec', one, 'readlink', '/proc/1/ns/net')),
      );
      // With the host's process ids that is the host's first process.
      expect(ofPod).toMatch(/^net:/);
      expect(ofSibling).not.toBe(ofPod);
      const { Pid: pid } = await lab.state(result.id);
      expect((await onHost('readlink', `/proc/${pid}/ns/net`)).stdout).toBe(ofPod);
    });

    it('made as Tinkerbell’s agent makes it: few labels, files of its own for names', async () => {
      await onHost(
        'sh',
        '-c',
        'mkdir -p /tmp/tink-dns-1 /run/docker.sock && touch /tmp/tink-dns-1/hosts /tmp/tink-dns-1/resolv',
      );
      const files = { '/etc/hosts': '/tmp/tink-dns-1/hosts', '/etc/resolv.conf': '/tmp/tink-dns-1/resolv' };
      const binds = { ...files, '/var/run/docker.sock': '/run/docker.sock' };
      const mounts = Object.entries(binds).flatMap(([dst, src]) => [
        '--mount',
        `type=bind,src=${src},dst=${dst},options=rbind:rw`,
      ]);
      const labels = ['nerdctl/name=tinkerbell_reboot_1', `nerdctl/namespace=${namespace}`, 'nerdctl/hostname=host-1'];
      const flags = ['--net-host', ...mounts, ...labels.flatMap((label) => ['--label', label])];
      const result = await launchByCtr('action-1', flags, 'sleep', '600');
      expect(result.self).toEqual({ id: 'action-1', name: 'tinkerbell_reboot_1' });
      expect(result.name).toMatch(/^tinkerbell_reboot_1-[0-9a-f]{12}$/);
      const { Spec } = await lab.native(result.id);
      expect(JSON.stringify(Spec.mounts)).not.toContain('tink-dns');
      // What is no socket of Docker's on this host is a folder that is passed on as it is.
      expect(Spec.mounts).toContainEqual(expect.objectContaining({ destination: '/var/run/docker.sock' }));
    });
  },
);
