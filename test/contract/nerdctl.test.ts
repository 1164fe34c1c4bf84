import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type ContainerdHost, startContainerdHost } from '../../tools/containerd/index.ts';
import { loadImages, nerdctlOk, nerdctlOnPath, payloadImage, whyNoContainerdHost } from '../support/containerd-host.ts';
import { folderWithNerdctl, removeFolder, runtimeOn, withValue, withValues } from '../support/nerdctl-subject.ts';
import { runtimeContract } from './runtime.contract.ts';
import type { Lacks, SilentEngine, Subject } from './subject.ts';

const skipped = whyNoContainerdHost(inject('engines'));
const because = skipped === undefined ? '' : ` (SKIPPED: ${skipped})`;

/** As nerdctl calls it, in full. */
const image = `docker.io/${payloadImage}`;

const lacks: Lacks = {
  'an entrypoint apart from its command':
    'containerd keeps the words of the process, not which of them are the entrypoint',
  'files of what does not run': 'nerdctl looks into what does not run only to copy from it',
  'restart on failure': 'containerd 1.6 knows `always` alone, and inspect does not tell it: see nerdctl-more.test.ts',
  'early refusals': 'nerdctl looks at most things only when it starts a container: see nerdctl-more.test.ts',
  processes: 'nerdctl top runs the ps of the client, which sees the processes of a container only on the host',
  warnings: 'nerdctl has no warning that every kernel gives',
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

  runtimeContract(`nerdctl on containerd ${version}`, () => subjectOn(host, folder), lacks);
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
  await writeFile(join(folder, 'nerdctl'), `#!/bin/sh\necho >>${log}\nexec sleep ${seconds}\n`);
  return {
    runtime,
    open: () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes(seconds)).length,
    async asked() {
      while (!existsSync(log)) await new Promise((resolve) => setTimeout(resolve, 5));
      rmSync(log);
    },
  };
}

function wordsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}
