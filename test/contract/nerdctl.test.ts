import { randomInt, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ContainerSpec } from '../../src/runtime/container.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import { loadImages, nerdctlOk, nerdctlOnPath, payloadImage, whyNoContainerdHost } from '../support/containerd-host.ts';
import {
  folderWithNerdctl,
  programsOfHost,
  removeFolder,
  runtimeOn,
  withValue,
  withValues,
} from '../support/nerdctl-subject.ts';
import { collect, failureOf, never } from '../support/runtime.ts';
import { runtimeContract } from './runtime.contract.ts';
import type { Lacks, SilentEngine, Subject } from './subject.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;

/** As nerdctl calls it, in full. */
const image = `docker.io/${payloadImage}`;

const lacks: Lacks = {
  'standard input': 'what nerdctl starts in the background has no standard input',
  'connecting networks':
    'nerdctl has no `network connect`: the networks of a container are those that it was made with',
  'a followed log to who is slow': 'the end of a container is the end of its log, too',
  'the last words of what ends':
    'nerdctl start --attach ends with the container, whatever it has not passed on by then; so does what it writes down',
  'an entrypoint apart from its command':
    'containerd keeps the words of the process, not which of them are the entrypoint',
  'restart on failure': 'containerd 1.6 knows `always` alone, and inspect does not tell it: see below',
  'early refusals': 'nerdctl looks at most things only when it starts a container: see below',
  warnings: 'nerdctl has no warning that every kernel gives',
};

/** By the control groups of its host: the older ones here count, the newer ones have no controllers beside them. */
const more: Readonly<Record<'1.6' | '2', Lacks>> = {
  '1.6': {},
  '2': { accounting: 'the newer control groups of this machine count nothing, as the older ones have the controllers' },
};

describe.skipIf(skipped !== undefined).each(['1.6', '2'] as const)('containerd %s' + because, (version) => {
  let host: ContainerdHost;
  let folder: string;

  beforeAll(async () => {
    host = await startContainerdHost({ nerdctl: nerdctlOnPath() ?? '', version, namespace: 'tinkerbell' });
    folder = await folderWithNerdctl(host);
    await loadImages(host, inject('engines'), [payloadImage]);
  });
  afterAll(async () => {
    await host.stop();
    await removeFolder(folder);
  });

  runtimeContract(`nerdctl on containerd ${version}`, () => subjectOn(host, folder), { ...lacks, ...more[version] });

  describe('what nerdctl does otherwise', () => {
    const options = { signal: never };
    let runtime: Runtime;
    let count = 0;
    const spec = (settings: Partial<ContainerSpec>): ContainerSpec => {
      count += 1;
      return { name: `otherwise-${count}`, image, networkMode: 'none', ...settings };
    };
    beforeAll(async () => {
      runtime = await runtimeOn(host, folder);
    });

    it('restart policies are those that containerd has', async () => {
      const restartPolicy = { name: 'on-failure', maximumRetryCount: 3 };
      const always = await runtime.create(spec({ restartPolicy: { name: 'always' } }), options);
      expect((await runtime.inspect(always.id, options))?.settings.restartPolicy).toEqual({ name: 'always' });
      const work = runtime.create(spec({ restartPolicy }), options);
      if (version === '1.6') {
        expect(await failureOf(work)).toMatchObject({ code: 'ERR_NOT_SUPPORTED', exitStatus: 64 });
        return;
      }
      expect((await runtime.inspect((await work).id, options))?.settings.restartPolicy).toEqual(restartPolicy);
    });

    it('what would fail at the start is refused where it can be known, and nothing is made', async () => {
      const cases: readonly [settings: Partial<ContainerSpec>, says: RegExp][] = [
        [{ mounts: [{ type: 'bind', source: '/nonexistent/offshoot', target: '/x' }] }, /\/nonexistent\/offshoot/],
        [{ mounts: [{ type: 'tmpfs', target: 'relative' }] }, /relative/],
        [{ mounts: [{ type: 'nope', target: '/x' }] }, /nope/],
        [{ binds: ['/etc:/b:/c:/d'] }, /\/etc:\/b:\/c:\/d/],
        [{ name: 'no spaces' }, /no spaces/],
        [{ autoRemove: true }, /AutoRemove/],
      ];
      for (const [settings, says] of cases) {
        const asked = spec(settings);
        expect(String(await failureOf(runtime.create(asked, options)))).toMatch(says);
        expect(await nerdctlOk(host, 'ps', '--all', '--quiet', '--filter', `name=${asked.name}`)).toBe('');
      }
    });

    it('words of an entrypoint are known of what offshoot has made', async () => {
      const words = { entrypoint: ['sh', '-c'], command: ['sleep 60', 'x'] };
      const { id } = await runtime.create(spec({ ...words, init: true, tty: true }), options);
      expect((await runtime.inspect(id, options))?.settings).toMatchObject({ ...words, init: true, tty: true });
    });

    it('words that look like flags stay where they are', async () => {
      for (const command of [
        ['--', 'x'],
        ['-x', '--name', 'y'],
        ['a', '--', 'b'],
        ['', 'x'],
      ]) {
        const { id } = await runtime.create(spec({ command }), options);
        expect((await runtime.inspect(id, options))?.settings.command).toEqual(command);
      }
    });

    it('output is all there of what does not end at once, in order, only as fast as it is taken, and kept', async () => {
      const megabytes = 50;
      const script = `seq 1 20000; seq 1 20000 >&2; head -c ${megabytes * 1024 * 1024} /dev/zero; sleep 2; exit 4`;
      const { id } = await runtime.create(spec({ command: ['sh', '-c', script] }), options);
      const chunks = await runtime.attach(id, options);
      await runtime.start(id, options);
      let [held, stdout, stderr] = [0, 0, ''];
      for await (const { stream, data } of chunks) {
        if (stdout === 0) {
          await sleep(1_000);
          held = process.memoryUsage().arrayBuffers;
        }
        if (stream === 'stdout') stdout += data.length;
        else stderr += Buffer.from(data).toString();
      }
      const lines = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('');
      expect([stdout, stderr.length]).toEqual([lines.length + megabytes * 1024 * 1024, lines.length]);
      expect(stderr === lines).toBe(true);
      expect(held / 1024 / 1024).toBeLessThan(24);
      expect(await runtime.wait(id, options)).toEqual({ exitCode: 4 });
    });

    it('output of the past is kept, all or the last lines', async () => {
      const command = ['sh', '-c', 'seq 1 100; seq 101 200 >&2; sleep 1'];
      const { id } = await runtime.create(spec({ command }), options);
      await runtime.start(id, options);
      await runtime.wait(id, options);
      const lines = (first: number): string => Array.from({ length: 100 }, (_, index) => `${first + index}\n`).join('');
      expect(await collect(await runtime.logs(id, options))).toEqual({ stdout: lines(1), stderr: lines(101) });
      const { stdout, stderr } = await collect(await runtime.logs(id, { ...options, tail: 3 }));
      expect(`${stdout}${stderr}`.split('\n')).toHaveLength(4);
      expect(await collect(await runtime.logs(id, { ...options, tail: 0 }))).toEqual({ stdout: '', stderr: '' });
    });

    it('a label without a value is none', async () => {
      const { id } = await runtime.create(spec({ labels: { empty: '', full: 'x' } }), options);
      expect((await runtime.inspect(id, options))?.labels).toEqual({ full: 'x' });
    });
  });
});

async function subjectOn(host: ContainerdHost, folder: string): Promise<Subject> {
  const mark = `offshoot-test-${randomUUID().slice(0, 8)}`;
  const cli = (...args: string[]): Promise<string> =>
    nerdctlOk(host, ...withValue(args, mark)).then((out) => out.trim());
  return {
    runtime: withValues(await runtimeOn(host, folder)),
    image,
    mark,
    cli,
    silent: () => silentOn(host),
    leftovers: async () =>
      (await cli('ps', '-aq', '--no-trunc', '--filter', `label=${mark}`)).split('\n').filter(Boolean),
    close: async () => {},
  };
}

/** After its version is told, a nerdctl that only writes down that it was asked. */
async function silentOn(host: ContainerdHost): Promise<SilentEngine> {
  const folder = await folderWithNerdctl(host);
  const runtime = await runtimeOn(host, folder);
  const log = join(folder, 'asked');
  const seconds = `98765${randomInt(10_000, 99_999)}`;
  for (const name of Object.keys(programsOfHost))
    await writeFile(join(folder, name), `#!/bin/sh\necho >>${log}\nexec sleep ${seconds}\n`);
  return {
    runtime,
    // It is on the same machine; and nerdctl tells no ids of what it runs: who has run it knows.
    asksNothing: ['clock', 'exec.inspect'],
    open: () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes(seconds)).length,
    async asked(given) {
      // Who waited in vain for an earlier call is told, too, and takes nothing away from others.
      const before = sizeOf(log);
      const waits = (): boolean => sizeOf(log) <= before && given?.aborted !== true;
      while (waits()) await sleep(5);
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function wordsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}
