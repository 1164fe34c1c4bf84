import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, it } from 'vitest';
import { ensureImage } from '../../src/launch/image.ts';
import { dockerRegistry, startEngine } from '../../tools/engines/index.ts';
import { eventually } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { importBusybox } from '../support/payload-image.ts';
import { connectTo, failureOf, never } from '../support/runtime.ts';

/** `somebody` with the password `p:w`: bcrypt, which is all that the registry takes. */
const users = 'somebody:$2y$04$abcdefghijklmnopqrstuuMjP8rcRP9jDBaf.MqHtqTjAN61Q1x0.\n';
const address = '127.0.0.1:5000';
const image = `${address}/team/busybox:1`;

it.each(onePer(inject('engines'), releaseOf).slice(-1))(
  'what was pushed to Debian’s registry is pulled with the login of its users, on $kind',
  async ({ kind }) => {
    const dir = await mkdtemp(join(tmpdir(), 'offshoot-distribution-'));
    const socket = join(dir, 'registry.sock');
    const [engine, program] = await Promise.all([startEngine(kind), dockerRegistry()]);
    await writeFile(join(dir, 'users'), users);
    await writeFile(join(dir, 'config.yml'), configuration(dir, socket));
    const registry = spawn(program, ['serve', join(dir, 'config.yml')], { stdio: 'ignore' });
    try {
      await eventually(() => expect(existsSync(socket)).toBe(true));
      await engine.forward(5000, socket);
      await importBusybox(engine);
      await mkdir(join(dir, 'docker'));
      const login = { auths: { [address]: { auth: btoa('somebody:p:w') } } };
      await writeFile(join(dir, 'docker/config.json'), JSON.stringify(login));
      const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: join(dir, 'docker') };
      await execa(engine.docker, ['tag', 'offshoot-test/busybox:1', image], { env });
      await execa(engine.docker, ['push', image], { env });
      await execa(engine.docker, ['rmi', '-f', image, 'offshoot-test/busybox:1'], { env });

      const runtime = await connectTo(engine.host);
      const request = { image, pull: 'missing', pullTimeoutMs: 60_000, platform: undefined } as const;
      const options = { signal: never, report: () => {} };
      expect(await runtime.inspectImage(image, { signal: never })).toBeUndefined();
      const refused = failureOf(ensureImage(request, undefined, runtime, { ...options, env: { HOME: dir } }));
      expect(await refused).toMatchObject({ reason: 'denied', exitStatus: 66 });
      const pulled = await ensureImage(request, undefined, runtime, { ...options, env });
      expect(pulled.digests).toEqual([expect.stringMatching(new RegExp(`^${address}/team/busybox@sha256:`))]);
    } finally {
      registry.kill();
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
);

function configuration(dir: string, socket: string): string {
  return `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${dir}/data } }
http: { net: unix, addr: ${socket} }
auth: { htpasswd: { realm: test, path: ${dir}/users } }
`;
}
