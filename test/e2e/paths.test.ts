import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { buildImage } from '../support/app-images.ts';
import type { Finished } from '../support/docker.ts';
import { type Lab, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const busybox = 'offshoot-test/busybox:1';
const offshoot = '/opt/offshoot/offshoot';

/** Links as images have them, and some into what is mounted. */
const dockerfile = `
FROM ${busybox}
COPY --from=offshoot:bundle /opt/offshoot /opt/offshoot
RUN mkdir /real && ln -s /real /linked && ln -s /run /var/run && ln -s /data/sub/file /to-file && ln -s /etc /to-etc
ENTRYPOINT ["${offshoot.replace(/offshoot$/, 'entrypoint.sh')}"]
CMD ["sh"]`;

describe.each(onePer(inject('allEngines'), releaseOf))('paths of ours on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);
  const canMountPart = !engine.apiVersion.startsWith('1.4') || Number(engine.apiVersion.slice(2)) >= 45;
  let image: string;
  let host: string;
  beforeAll(async () => {
    image = await buildImage(engine, 'offshoot-test/paths:1', dockerfile);
    host = await mkdtemp(join(tmpdir(), 'offshoot paths-')); // with a space
    await chmod(host, 0o755);
    for (const name of ['data/sub', 'data/nested', 'data/out', 'data2', 'nested', 'ro/part'])
      await mkdir(join(host, name), { recursive: true });
    for (const name of ['data/sub/file', 'data2/file', 'nested/file', 'ro/part/file', 'single'])
      await writeFile(join(host, name), `${name}\n`);
  });
  afterAll(() => rm(host, { recursive: true }));

  /** A container that waits, with one of everything mounted; its id. */
  async function startSelf(lab: Lab): Promise<string> {
    const [volume, empty] = [await lab.volume('vol'), await lab.volume('empty')];
    const binds = [
      ...[`${host}/data:/data`, `${host}/data2:/data2`, `${host}/nested:/data/nested`, `${host}/ro:/ro:ro`],
      ...[`${host}/single:/etc/single`, `${volume}:/data/vol`, `${volume}:/linked/vol`, `${empty}:/empty`],
    ];
    const flags = [...binds.flatMap((bind) => ['-v', bind]), '--tmpfs', '/data/quick', '-w', '/data/sub'];
    const self = await lab.start({ image, flags, words: ['sleep', '1000'] });
    await lab.ok('exec', self, 'sh', '-c', 'mkdir -p /data/vol/a/b && echo in volume >/data/vol/a/b/file');
    return self;
  }

  function launchFrom(lab: Lab, self: string, mounts: readonly string[], script: string): Promise<Finished> {
    const flags = mounts.flatMap((mount) => ['--mount', mount]);
    return lab.docker('exec', self, offshoot, 'launch', busybox, ...flags, '--', 'sh', '-c', script);
  }

  /** A sibling that runs this script, and what it has said. */
  async function siblingOf(lab: Lab, self: string, mounts: readonly string[], script: string) {
    const { exitCode, stdout, stderr } = await launchFrom(lab, self, mounts, script);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { id } = JSON.parse(stdout) as { id: string };
    const status = await lab.ended(id);
    return { id, status, notes: stderr, ...(await lab.logs(id)) };
  }

  /** All in one go: entering a container takes some engines longer than the rest. */
  function tell(lab: Lab, self: string, paths: readonly string[], flags = ''): Promise<string> {
    const script = `for path; do ${offshoot} path ${flags} "$path" || echo $?; done 2>&1`;
    return lab.ok('exec', self, 'sh', '-c', script, 'sh', ...paths);
  }

  it('are told as they are on the host', async ({ lab }) => {
    const self = await startSelf(lab);
    const volume = await lab.ok('volume', 'inspect', '--format', '{{.Mountpoint}}', lab.nameOf('vol'));
    const onHost = {
      '/data2/file': `${host}/data2/file`,
      '/data/nested/file': `${host}/nested/file`,
      '/etc/single': `${host}/single`,
      '/to-file': `${host}/data/sub/file`,
      '../out/': `${host}/data/out`,
      '/var/run/docker.sock': engine.socket,
      '/linked/vol/a': `${volume}/a`,
    };
    expect((await tell(lab, self, Object.keys(onHost))).split('\n')).toEqual(Object.values(onHost));
  });

  it('are told with all that a mount of them needs', async ({ lab }) => {
    const lines = await tell(lab, await startSelf(lab), ['/data/vol/a/b', '/ro/part'], '--json');
    expect(lines.split('\n').map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { kind: 'volume', volume: lab.nameOf('vol'), driver: 'local', subpath: 'a/b', readOnly: false },
      { kind: 'bind', source: `${host}/ro/part`, readOnly: true },
    ]);
  });

  it('are refused with status 64 where they are not on the host', async ({ lab }) => {
    const reasons = [
      "/to-etc/passwd: lies in the container's own file system (overlay)",
      '/data3: does not exist in this container',
      '/data/quick: is a tmpfs: memory of this container alone',
      '/proc/self/status: lies in /proc, made for each container',
      '/etc/hosts: is made for each container',
    ];
    const paths = reasons.map((reason) => reason.split(':')[0] ?? '');
    const lines = (await tell(lab, await startSelf(lab), paths)).split('\n');
    expect(lines).toEqual(reasons.flatMap((reason) => [expect.stringContaining(reason), '64']));
  });

  it('have the same files in a sibling, with all that is mounted below', async ({ lab }) => {
    const self = await startSelf(lab);
    await lab.ok('exec', self, 'sh', '-c', 'echo marker >/data/out/marker; echo other >/data2/marker');
    const mounts = [
      '/data:/x',
      '/data2:/y',
      './file:/f',
      '/data/vol/a:/part:ro',
      '/linked/vol/a/b/file:/v',
      '/etc/single:/s',
    ];
    const files = '/x/out/marker /y/marker /x/nested/file /x/vol/a/b/file /f /part/b/file /v /s';
    const { status, stdout, stderr, notes } = await siblingOf(lab, self, mounts, `cat ${files}`);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = ['marker', 'other', 'nested/file', 'in volume', 'data/sub/file', 'in volume', 'in volume', 'single'];
    expect(stdout.split('\n')).toEqual(lines);
    expect(notes).toContain('/data/quick is a tmpfs');
  });

  it(`mounts ${canMountPart ? 'the part of the volume' : 'the folder of the volume on the host'}`, async ({ lab }) => {
    const script = 'cat /part/file && ls /part';
    const { id, stdout } = await siblingOf(lab, await startSelf(lab), ['/data/vol/a/b:/part'], script);
    expect(stdout).toBe('in volume\nfile');
    const mount = (await lab.inspect(id)).Mounts.find(({ Destination }) => Destination === '/part');
    expect(mount).toMatchObject(canMountPart ? { Type: 'volume', Name: lab.nameOf('vol') } : { Type: 'bind' });
  });

  it('are read-only in a sibling where they are here, or that was asked for', async ({ lab }) => {
    const mounts = ['/ro/part:/r', '/data:/x:ro', '/data2:/y'];
    const script =
      'for path in /r /x/out /x/nested /x/vol /y; do touch $path/new 2>/dev/null && echo $path; done; true';
    const { status, stdout, notes } = await siblingOf(lab, await startSelf(lab), mounts, script);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '/y' });
    expect(notes).toContain('/r is read-only in the sibling, as /ro/part is here');
    await rm(join(host, 'data2/new'));
  });

  // Podman 4.3 has no such option for mounts.
  it.skipIf(engine.kind.startsWith('podman'))(
    'get nothing of the image of a sibling, as a folder of the host does not',
    async ({ lab }) => {
      const self = await startSelf(lab);
      await siblingOf(lab, self, ['/empty:/etc'], 'true');
      expect((await lab.ok('exec', self, 'ls', '/empty')).split('\n')).not.toContain('passwd');
    },
  );

  it('that cannot be given are said together, and nothing is made', async ({ lab }) => {
    const self = await startSelf(lab);
    const mounts = ['/data/missing:/x', '/data2:/fine', '/etc/passwd:/y', './none:/z'];
    const { exitCode, stdout, stderr } = await launchFrom(lab, self, mounts, 'true');

    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toContain('OFFSHOOT_MOUNT: /data/missing:/x: /data/missing does not exist in this container');
    expect(stderr).toContain('/etc/passwd:/y: /etc/passwd lies in the container');
    expect(stderr).toContain('./none:/z: ./none does not exist');
    expect(await lab.descendants(self)).toEqual([]);
    expect((await readdir(join(host, 'data'))).toSorted()).not.toContain('missing');
  });

  it('by the variable, of the container that launches', async ({ lab }) => {
    const env = { OFFSHOOT_IMAGE: busybox, OFFSHOOT_MOUNT: '/data/sub:/x:ro', OFFSHOOT_COMMAND: 'cat /x/file' };
    const launched = await lab.launch({ image, env, flags: ['-v', `${host}/data:/data`] });
    expect(launched).toMatchObject({ exitCode: 0 });
    expect(await lab.ended(launched.result.id)).toBe(0);
    expect((await lab.logs(launched.result.id)).stdout).toBe('data/sub/file');
  });
});
