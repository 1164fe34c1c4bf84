import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../tools/engines/index.ts';

const fromSupport = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const why = await whyNot();

/** Some machines do not let users have namespaces, or have no tunnels. */
async function whyNot(): Promise<string | undefined> {
  if (!existsSync('/dev/net/tun') || !existsSync('/etc/subuid') || !existsSync('/etc/subgid'))
    return 'no /dev/net/tun, or no /etc/subuid';
  const args = ['--reuid', '4242', '--regid', '4242', '--clear-groups', 'unshare', '--user', '--map-root-user', 'true'];
  const { exitCode, stderr } = await execa('setpriv', args, { reject: false });
  return exitCode === 0 ? undefined : stderr;
}

interface Answer {
  readonly started?: boolean;
  readonly stopped?: boolean;
  readonly address?: { readonly address: string; readonly childPid: number };
  readonly resolved?: object;
  readonly code?: string;
  readonly message?: string;
}

describe.skipIf(why !== undefined)(`a containerd without root${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  let dir: string;
  beforeAll(async () => {
    await ensurePackages({
      ...{ '/usr/bin/rootlesskit': 'rootlesskit', '/usr/bin/newuidmap': 'uidmap', '/usr/bin/ip': 'iproute2' },
      ...{ '/usr/bin/slirp4netns': 'slirp4netns', '/usr/bin/containerd': 'containerd' },
    });
    dir = await mkdtemp(join(tmpdir(), 'offshoot-rootless-'));
    await chmod(dir, 0o755);
    await writeFile(join(dir, 'node'), '');
    await build({
      entryPoints: [fromSupport('rootless-daemon-program.ts')],
      outfile: join(dir, 'program.mjs'),
      ...{ bundle: true, platform: 'node', format: 'esm' },
    });
  });
  afterAll(async () => {
    await asUser('stop');
    await rm(dir, { recursive: true });
  });

  async function asUser(...words: string[]): Promise<Answer> {
    const command = [join(dir, 'node'), join(dir, 'program.mjs'), ...words];
    const args = ['--mount', 'sh', fromSupport('rootless-user.sh'), dir, process.execPath, ...command];
    const { stdout, stderr, exitCode } = await execa('unshare', args, {
      env: { PATH: path },
      extendEnv: false,
      reject: false,
    });
    if (exitCode !== 0) throw new Error(`${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** All processes of the user, and of the ids that are his. */
  async function processes(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const told = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
    return told
      .filter((status) => /^Uid:\s+(?:4242|2\d{6})\s/m.test(status) && !/^State:\s+Z/m.test(status))
      .map((status) => /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '');
  }

  it('is started once, answers where it is looked for, and ends with all that belongs to it', async () => {
    const first = await asUser('ensure');
    expect(first).toMatchObject({ started: true, resolved: first.address });
    expect(first.address?.address).toBe(`/proc/${first.address?.childPid}/root/run/containerd/containerd.sock`);
    const { stdout } = await execa('ctr', ['--address', first.address?.address ?? '', 'version']);
    expect(stdout).toMatch(/^Server:\n {2}Version: {2}\S+/m);
    expect(await processes()).toEqual(expect.arrayContaining(['rootlesskit', 'containerd', 'slirp4netns']));

    expect(await asUser('ensure')).toMatchObject({ started: false, address: first.address });
    expect(await asUser('stop')).toEqual({ stopped: true });
    expect(await processes()).toEqual([]);
    expect(await asUser('stop')).toEqual({ stopped: false });
  });

  it.each([
    ['takes too long', 'ensure', '2000', 'exec sleep 1000', { code: 'ERR_TIMEOUT' }],
    ['is cancelled', 'cancel', '2000', 'exec sleep 1000', { code: 'TimeoutError' }],
    [
      'ends',
      'ensure',
      '20000',
      'echo no space; exit 3',
      { code: 'ERR_ENGINE_UNAVAILABLE', message: expect.stringContaining('no space') as string },
    ],
  ])('one that %s is ended, with what it has started', async (_, verb, ms, script, answer) => {
    const containerd = join(dir, 'containerd');
    await writeFile(containerd, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    expect(await asUser(verb, ms, containerd)).toMatchObject(answer);
    await expect.poll(processes, { timeout: 30_000 }).toEqual([]);
    expect(await asUser('stop')).toEqual({ stopped: false });
  });

  it('is not tried where something is missing, which is named', async () => {
    const { message } = await asUser('ensure', '1000', '/nowhere/containerd');
    expect(message).toBe('a containerd without root cannot be started; there is no\n  containerd (package containerd)');
  });
});
