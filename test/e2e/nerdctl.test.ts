import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { label } from '../../src/launch/labels.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import {
  loadImages,
  nerdctlOnPath,
  offshootImages,
  payloadImage,
  whyNoContainerdHost,
} from '../support/containerd-host.ts';
import { eventually } from '../support/lab.ts';
import { type NerdctlLab, nerdctlLab, privileged } from '../support/nerdctl-lab.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;
const namespace = 'tinkerbell';

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)(
  'by the nerdctl of a host with containerd %s' + because,
  (version) => {
    let host: ContainerdHost;
    let lab: NerdctlLab;
    const env = { OFFSHOOT_IMAGE: payloadImage };

    beforeAll(async () => {
      host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace });
      await loadImages(host, inject('engines'), [payloadImage, ...offshootImages]);
      lab = nerdctlLab(host);
      return () => host.stop();
    });
    afterEach(() => lab.cleanUp());

    it('a container launches its sibling at once, in the same namespace, with all that is its own', async () => {
      const folder = '/var/lib/data';
      await host.nerdctl(['run', '--rm', '-v', `${folder}:/x`, payloadImage, 'true']); // the host has it then
      const flags = [
        ...privileged,
        '-v',
        `${folder}:/data:ro`,
        '--label',
        'team=a',
        '--workdir',
        '/tmp',
        '--network',
        'host',
      ];
      const { exitCode, result } = await lab.launch({
        env: { ...env, OWN: 'a b', SECRET: 'x\ny' },
        flags,
        words: ['sh', '-c', 'echo $OWN; sleep 60'],
      });
      expect(exitCode).toBe(0);
      expect(result).toMatchObject({ waiter: null, existing: false, image: payloadImage });
      const told = await lab.native(result.id);
      expect(told.Labels).toMatchObject({
        team: 'a',
        [label.role]: 'sibling',
        [label.parent]: result.self.id,
        'nerdctl/namespace': namespace,
      });
      expect(told.Spec.process.args).toEqual(['sh', '-c', 'echo $OWN; sleep 60']);
      expect(told.Spec.process.env).toEqual(expect.arrayContaining(['OWN=a b', 'SECRET=x\ny']));
      for (const entry of told.Spec.process.env) expect(entry).not.toMatch(/^OFFSHOOT_/);
      expect(told.Spec.mounts).toContainEqual(expect.objectContaining({ destination: '/data', source: folder }));
      expect(told.Spec.linux.namespaces.map(({ type }) => type)).not.toContain('pid');
      expect(told.Spec.linux.namespaces.map(({ type }) => type)).not.toContain('network');
      expect(told.Spec.linux.maskedPaths).toBeUndefined();
      await eventually(async () => expect(await lab.ok('logs', result.id)).toBe('a b'));
      expect((await lab.state(result.id)).Status).toBe('running');
    });

    it('a container launches its sibling later, by a waiter that has nothing but the way, and goes', async () => {
      const since = Date.now();
      const { exitCode, result } = await lab.launch({
        env: { ...env, OFFSHOOT_DELAY: '3', SECRET: 'hunter2' },
        words: ['echo', 'later'],
      });
      expect(exitCode).toBe(0);
      expect((await lab.state(result.id)).StartedAt).toBe('');
      const waiter = await lab.native(result.waiter?.id ?? '');
      expect(JSON.stringify(waiter)).not.toContain('hunter2');
      expect(waiter.Spec.process.env).toEqual(
        expect.arrayContaining([`OFFSHOOT_NAMESPACE=${namespace}`, 'OFFSHOOT_HOST=always']),
      );
      expect(waiter.Labels).toMatchObject({ [label.role]: 'waiter', 'nerdctl/networks': '["none"]' });
      await eventually(async () => expect((await lab.state(result.id)).Status).toBe('exited'));
      const started = Date.parse((await lab.state(result.id)).StartedAt);
      expect(started - Date.parse(result.startsAt ?? '')).toBeGreaterThan(-100);
      expect(started - Date.parse(result.startsAt ?? '')).toBeLessThan(3_000);
      expect(started - since).toBeGreaterThan(3_000);
      expect(await lab.ok('logs', result.id)).toBe('later');
      await eventually(async () => expect(await lab.names(result.waiter?.name ?? '')).toEqual([]));
    });

    it('an action stands in for waitdaemon', async () => {
      const control = {
        IMAGE: payloadImage,
        WAIT_SECONDS: '2',
        NERDCTL_HOST: 'true',
        PHASE: 'SECOND_FORK',
        BLOCK_DEVICE: '/dev/sda',
      };
      for (const CONTAINER_RUNTIME of ['nerdctl', 'containerd', 'auto']) {
        for (const more of [{}, { NERDCTL_NAMESPACE: namespace }]) {
          const launched = await lab.launch({
            image: 'offshoot:waitdaemon',
            // As in the templates for hosts with Docker: here it becomes a folder.
            flags: [...privileged, '--volume', '/var/run/docker.sock:/var/run/docker.sock'],
            env: { ...control, ...more, CONTAINER_RUNTIME },
            words: ['echo', 'rebooting now'],
          });
          expect(launched).toMatchObject({ exitCode: 0 });
          const { id, waiter } = launched.result;
          expect((await lab.state(id)).StartedAt).toBe('');
          await eventually(async () => expect((await lab.state(id)).Status).toBe('exited'));
          expect(await lab.ok('logs', id)).toBe('rebooting now');
          const { env: told } = (await lab.native(id)).Spec.process;
          expect(told).toContain('BLOCK_DEVICE=/dev/sda');
          for (const entry of told)
            expect(entry).not.toMatch(/^(?:IMAGE|WAIT_SECONDS|PHASE|NERDCTL_|CONTAINER_RUNTIME|OFFSHOOT_)/);
          await eventually(async () => expect(await lab.names(waiter?.name ?? '')).toEqual([]));
        }
      }
    });

    it('a key launches once, however many launch it at the same time', async () => {
      const words = ['sleep', '60'];
      const launched = await Promise.all(
        [1, 2, 3, 4].map(() => lab.launch({ env: { ...env, OFFSHOOT_KEY: 'one' }, words })),
      );
      expect(launched.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
      expect(new Set(launched.map(({ result }) => result.id)).size).toBe(1);
      expect(launched.filter(({ result }) => !result.existing)).toHaveLength(1);
      expect(await lab.names('offshoot-')).toHaveLength(1);
    });

    it('a name that a killed nerdctl has left without a container is taken back', async () => {
      const name = lab.name();
      const files = '/var/lib/nerdctl/*/names';
      const [enter, ...before] = host.enter;
      const script = `for folder in ${files}/${namespace}; do printf ${'0'.repeat(64)} >$folder/${name}; done`;
      await execa(enter, [...before, '--', 'sh', '-c', script]);
      const asked = { env: { ...env, OFFSHOOT_NAME: name }, flags: [...privileged], words: ['sleep', '60'] };
      expect((await host.nerdctl(['create', '--name', name, payloadImage])).stderr).toContain('is already used');
      const launched = await lab.launch(asked);
      expect(launched).toMatchObject({ exitCode: 0, result: { name, existing: false } });
      expect(await lab.names(name)).toEqual([name]);
    });

    it('an attached launch gives all of the output and the exit status, and passes signals on', async () => {
      const script = 'seq 1 20000; seq 1 20000 >&2; sleep 1; exit 7';
      const { exitCode, stdout, stderr } = await lab.launch({
        env: { ...env, OFFSHOOT_ATTACH: 'true', OFFSHOOT_LOG_LEVEL: 'error' },
        words: ['sh', '-c', script],
      });
      expect(exitCode).toBe(7);
      expect(stdout.split('\n')).toHaveLength(20_000);
      expect(stderr.split('\n').filter((line) => /^\d+$/.test(line))).toHaveLength(20_000);

      const name = lab.name();
      const flags = [...privileged, '--name', name, '--detach'];
      const trap = 'trap "echo told; sleep 1; exit 5" TERM; echo ready; while :; do usleep 20000; done';
      await lab.launch({ env: { ...env, OFFSHOOT_ATTACH: 'true' }, flags, words: ['sh', '-c', trap] });
      await eventually(async () => expect(await lab.ok('logs', name)).toContain('ready'));
      await lab.ok('kill', '--signal', 'TERM', name);
      await eventually(async () => expect(await lab.state(name)).toMatchObject({ Status: 'exited', ExitCode: 5 }));
      expect(await lab.ok('logs', name)).toContain('told');
    });

    it('a sibling waits for conditions, and is ready or not', async () => {
      const other = await lab.ok('run', '--detach', '--name', lab.name(), payloadImage, 'sleep', '1000');
      const folder = '/var/lib/data';
      await host.nerdctl(['run', '--rm', '-v', `${folder}:/x`, payloadImage, 'rm', '-f', '/x/done']);
      const { result } = await lab.launch({
        env: { ...env, OFFSHOOT_WHEN: `exited:self,exited:${other},file:/data/done`, OFFSHOOT_READY: 'exited:0' },
        flags: [...privileged, '-v', `${folder}:/data`],
        words: ['echo', 'ran'],
      });
      expect(result).toMatchObject({ ready: null, when: ['exited:self', `exited:${other}`, 'file:/data/done'] });
      const waiter = result.waiter?.name ?? '';
      await eventually(async () =>
        expect((await host.nerdctl(['logs', waiter])).stderr).toContain('exited:self holds'),
      );
      expect((await lab.state(result.id)).StartedAt).toBe('');
      await lab.ok('kill', other);
      await lab.ok('run', '--rm', '-v', `${folder}:/data`, payloadImage, 'touch', '/data/done');
      await eventually(async () => expect(await lab.state(result.id)).toMatchObject({ Status: 'exited', ExitCode: 0 }));
      await eventually(async () => expect(await lab.names(waiter)).toEqual([]));

      const words = ['sh', '-c', 'echo why; sleep 0.5; exit 3'];
      const good = await lab.launch({ env: { ...env, OFFSHOOT_READY: 'exited:3' }, words });
      expect(good).toMatchObject({ exitCode: 0, result: { ready: 'exited:3' } });
      const bad = await lab.launch({ env: { ...env, OFFSHOOT_READY: 'running' }, words });
      const told = expect.stringMatching(
        /"not-ready".*"exitCode":3.*"log":\["why"\][^]*It is kept: nerdctl .*logs /,
      ) as unknown;
      expect(bad).toMatchObject({ exitCode: 73, stdout: '', stderr: told });
      const unchecked = await lab.launch({ env: { ...env, OFFSHOOT_READY: 'healthy' }, words });
      expect(unchecked).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('no health checks') as unknown });
    });

    it('what cannot be started is undone, and said by its status', async () => {
      const name = lab.name();
      const failed = await lab.launch({ env, flags: [...privileged, '--name', name], words: ['no-such-command'] });
      expect(failed.exitCode).toBe(127);
      expect(await lab.names(`${name}-`)).toEqual([]);
      const missing = await lab.launch({ env: { ...env, OFFSHOOT_NETWORK: 'nope' }, words: ['true'] });
      expect(missing).toMatchObject({
        exitCode: 64,
        stderr: expect.stringContaining('there is no such network') as unknown,
      });
      const unsupported = await lab.launch({ env: { ...env, OFFSHOOT_AUTO_REMOVE: 'true' }, words: ['true'] });
      expect(unsupported).toMatchObject({
        exitCode: 64,
        stderr: expect.stringContaining('HostConfig.AutoRemove') as unknown,
      });
      const own = lab.name();
      const attached = { ...env, OFFSHOOT_AUTO_REMOVE: 'true', OFFSHOOT_ATTACH: 'true' };
      const removed = await lab.launch({
        env: attached,
        flags: [...privileged, '--name', own],
        words: ['false'],
      });
      expect(removed.exitCode).toBe(1);
      expect(await lab.names(own)).toEqual([own]);
      expect(await lab.names('self-').then((names) => names.filter((one) => one.split('-').length > 3))).toEqual([]);
    });

    it('a launch that is cancelled while it waits takes back what it has made', async () => {
      const name = lab.name();
      const asked = { ...env, OFFSHOOT_ATTACH: 'true', OFFSHOOT_DELAY: '60' };
      await lab.launch({ env: asked, flags: [...privileged, '--name', name, '--detach'], words: ['sleep', '60'] });
      await eventually(async () => expect(await lab.names(`${name}-`)).toHaveLength(1));
      await lab.ok('kill', '--signal', 'TERM', name);
      await eventually(async () => expect(await lab.state(name)).toMatchObject({ Status: 'exited', ExitCode: 143 }));
      expect(await lab.names(`${name}-`)).toEqual([]);
    });

    it('no value of a variable is on any command line, nor in what containerd keeps beside the container', async () => {
      const secret = 'hunter2-secret';
      const asked = { ...env, TOKEN: secret, LINES: `a\n${secret}` };
      const watching = new AbortController();
      const watch = commandLinesUntil(watching.signal);
      const { exitCode, result } = await lab.launch({ env: asked, words: ['sleep', '60'] });
      watching.abort();
      expect(exitCode).toBe(0);
      // Not that of who makes the launcher itself.
      const seen = [...(await watch)].filter((line) => !/ run --name /.test(line));
      expect(seen.filter((line) => / create --env-file \/proc\/self\/fd\/3 --env LINES /.test(line))).not.toEqual([]);
      expect(seen.filter((line) => line.includes(secret))).toEqual([]);
      const { Spec } = await lab.native(result.id);
      expect(Spec.process.env).toEqual(expect.arrayContaining([`TOKEN=${secret}`, `LINES=a\n${secret}`]));
      expect(JSON.stringify(Spec.hooks)).not.toContain('TOKEN');
      // Only what no line of a file can hold is in nerdctl's own environment.
      expect(JSON.stringify(Spec.hooks)).not.toMatch(/OFFSHOOT|OWN/);
    });

    it.each<[what: string, flags: readonly string[], more: Record<string, string>, status: number, says: RegExp]>([
      ['process ids of its own', ['--privileged'], {}, 69, /has process ids of its own/],
      ['no privileges', ['--pid', 'host'], {}, 69, /may not enter its host's namespaces/],
      [
        'a namespace that it is not in',
        privileged,
        { OFFSHOOT_NAMESPACE: 'other' },
        64,
        /is in the namespace tinkerbell/,
      ],
      [
        'no socket',
        privileged,
        { CONTAINERD_ADDRESS: '/run/nope.sock' },
        69,
        /there is no socket of containerd: \/run\/nope\.sock/,
      ],
      [
        'no nerdctl and not allowed to leave',
        privileged,
        { OFFSHOOT_HOST: 'never' },
        69,
        /there is no nerdctl in this container/,
      ],
    ])('is told why there is no engine: %s', async (_, flags, more, status, says) => {
      const launched = await lab.launch({
        env: { ...env, OFFSHOOT_RUNTIME: 'nerdctl', ...more },
        flags,
        words: ['true'],
      });
      expect(launched).toMatchObject({ exitCode: status, stdout: '', stderr: expect.stringMatching(says) as unknown });
    });

    it('is told when only another namespace has the image', async () => {
      await loadImages(host, inject('engines'), [payloadImage], { namespace: 'elsewhere' });
      await host.nerdctl(['tag', payloadImage, 'offshoot-test/only-there:1'], { namespace: 'elsewhere' });
      const asked = { OFFSHOOT_IMAGE: 'offshoot-test/only-there:1', OFFSHOOT_PULL: 'missing' };
      const { exitCode, stderr } = await lab.launch({ env: asked, words: ['true'] });
      expect(exitCode).toBe(66);
      expect(stderr).toContain('namespace elsewhere of containerd has it');
    });

    it('is told when containerd does not answer', async () => {
      const name = lab.name();
      const flags = [...privileged, '--name', name, '--detach', '--entrypoint', '/opt/offshoot/bin/sh'];
      const uptime = (variable: string): string => `read -r ${variable} _ </proc/uptime`;
      const launch = '/opt/offshoot/entrypoint.sh true; status=$?';
      const script = `sleep 1; ${uptime('from')}; ${launch}; ${uptime('to')}; echo "status $status $from $to"`;
      await lab.launch({ env: { ...env, OFFSHOOT_RUNTIME: 'nerdctl' }, flags, words: ['-c', script] });
      await host.freeze();
      await sleep(8_000);
      host.thaw();
      await eventually(async () => expect(await lab.ok('logs', name)).toMatch(/^status 69 /m));
      const [, from, to] = /^status 69 ([\d.]+) ([\d.]+)$/m.exec(await lab.ok('logs', name)) ?? [];
      expect(Number(to) - Number(from)).toBeLessThan(6);
    });
  },
);

async function commandLinesUntil(signal: AbortSignal): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const line of commandLines()) seen.add(line);
    await sleep(1);
  }
  return seen;
}

/** Of every process of this machine, the host's among them. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // it has ended
      }
    });
}
