import { beforeAll, describe, expect, inject } from 'vitest';
import type { OffshootEvent } from '../../src/events.ts';
import { eventually, type Lab, labTest, type Launched } from '../support/lab.ts';
import { onePer } from '../support/one-per.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { ownPlatform } from '../support/registry-image.ts';
import { offerRegistries } from '../support/registry-on-engine.ts';

const [open, closed] = [5000, 5001];
const canary = 'canary-of-a-password';
const login = { by: 'basic', username: 'somebody', password: canary } as const;
const other = ownPlatform === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
// Each has words of its own.
const kinds = onePer(inject('allEngines'), ({ imageStore }) => imageStore);

/** In the form of Docker's config file. */
const logins = (port: number, password: string = canary): string =>
  JSON.stringify({ auths: { [`127.0.0.1:${port}`]: { auth: btoa(`somebody:${password}`) } } });

/** The last event, which is the error. */
const errorOf = ({ events }: Launched): OffshootEvent =>
  events.at(-1) ?? { level: 'error', event: 'error', message: '' };

describe.each(kinds)('launching what has to be pulled on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);
  let registry: Registry;
  let guarded: Registry;
  // Not started: the image has no program in it.
  const later = { OFFSHOOT_DELAY: '1h' };

  beforeAll(async () => {
    [registry, guarded] = await Promise.all([startRegistry(), startRegistry({ login })]);
    const withdraw = await offerRegistries(engine, { [open]: registry, [closed]: guarded });
    return async () => {
      await withdraw();
      await Promise.all([registry.close(), guarded.close()]);
    };
  });

  it('takes the login for the registry, and gives it to nobody else', async ({ lab }) => {
    guarded.push('team/app', '1');
    registry.push('team/app', '1');
    const launch = (port: number): Promise<Launched> =>
      lab.launch({
        env: {
          ...later,
          OFFSHOOT_IMAGE: `127.0.0.1:${port}/team/app:1`,
          OFFSHOOT_KEY: String(port),
          OFFSHOOT_LOG_LEVEL: 'debug',
          DOCKER_AUTH_CONFIG: logins(closed),
          DEBUG: '*',
        },
      });
    const [fromClosed, fromOpen] = [await launch(closed), await launch(open)];

    expect(fromClosed).toMatchObject({ exitCode: 0 });
    expect(fromOpen).toMatchObject({ exitCode: 0 });
    expect(guarded.seen.map(({ authorization }) => authorization)).toContain(`Basic ${btoa(`somebody:${canary}`)}`);
    expect(registry.seen.length).toBeGreaterThan(0);
    for (const { authorization = '' } of registry.seen)
      expect(atob(authorization.replace(/^Basic /, ''))).not.toContain(canary);
    for (const { self, result, stdout, stderr } of [fromClosed, fromOpen]) {
      for (const id of await lab.descendants(self)) {
        const text = JSON.stringify(await lab.inspect(id));
        expect(text).not.toContain('DOCKER_AUTH_CONFIG');
        expect(text).not.toContain(canary);
      }
      for (const secret of [
        canary,
        btoa(`somebody:${canary}`),
        Buffer.from(logins(closed)).toString('base64url').slice(0, 40),
      ])
        expect(stdout + stderr).not.toContain(secret);
      expect(result.waiter).not.toBeNull();
    }
  });

  it('says whether a login was refused, or where none was found', async ({ lab }) => {
    guarded.push('team/refused', '1');
    const image = `127.0.0.1:${closed}/team/refused:1`;
    const refused = await lab.launch({ env: { OFFSHOOT_IMAGE: image, DOCKER_AUTH_CONFIG: logins(closed, 'old') } });
    expect(refused).toMatchObject({ exitCode: 66 });
    expect(errorOf(refused)).toMatchObject({
      event: 'error',
      code: 'ERR_IMAGE_UNAVAILABLE',
      reason: 'denied',
      message: expect.stringContaining(
        `The login for 127.0.0.1:${closed} from DOCKER_AUTH_CONFIG was refused: it has expired, or is not enough`,
      ) as string,
    });
    const without = await lab.launch({ env: { OFFSHOOT_IMAGE: image, DOCKER_AUTH_CONFIG: logins(open) } });
    expect(without).toMatchObject({ exitCode: 66 });
    expect(errorOf(without)).toMatchObject({
      reason: 'denied',
      message: expect.stringContaining(
        `No login for 127.0.0.1:${closed} was sent, as there is none in DOCKER_AUTH_CONFIG, `,
      ) as string,
    });
    expect(await lab.descendants(refused.self, without.self)).toEqual([]);
  });

  it('waits for a registry that is away for a moment', async ({ lab }) => {
    registry.push('team/away', '1');
    // An engine asks several times by itself.
    registry.fail('team/away', { at: 'manifest', status: 503, code: 'UNAVAILABLE', message: 'away', times: 2 });
    const launched = await lab.launch({ env: { ...later, OFFSHOOT_IMAGE: `127.0.0.1:${open}/team/away:1` } });
    expect(launched).toMatchObject({ exitCode: 0 });
    const pulls = launched.events.filter(({ event }) => event === 'pull');
    expect(pulls.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['start', 'retry', 'done']) as string[]);
    expect(pulls.find(({ phase }) => phase === 'retry')).toMatchObject({ level: 'warn', reason: 'broken', try: 2 });
    expect(pulls.at(-1)).toMatchObject({ layers: expect.any(Number) as number, current: expect.any(Number) as number });
  });

  it('takes the image of another platform, and no other', async ({ lab }) => {
    registry.pushIndex('team/platforms', '1', [ownPlatform, other]);
    const env = { ...later, OFFSHOOT_IMAGE: `127.0.0.1:${open}/team/platforms:1` };
    const own = await lab.launch({ env });
    expect(own).toMatchObject({ exitCode: 0 });
    const never = await lab.launch({ env: { ...env, OFFSHOOT_PLATFORM: other, OFFSHOOT_PULL: 'never' } });
    expect(never).toMatchObject({ exitCode: 66 });
    expect(errorOf(never)).toMatchObject({ reason: 'platform' });
    expect(errorOf(never).message).toContain(`for ${ownPlatform}, not for ${other}`);
    const launched = await lab.launch({ env: { ...env, OFFSHOOT_PLATFORM: other } });
    expect(launched).toMatchObject({ exitCode: 0 });
    expect(await platformOf(launched.result.id, lab)).toBe(other);
    const foreign = await lab.launch({ env: { ...env, OFFSHOOT_PLATFORM: 'linux/s390x' } });
    expect(foreign).toMatchObject({ exitCode: 66 });
    expect(errorOf(foreign)).toMatchObject({ reason: 'platform' });
  });

  it('that never comes ends at once when we are stopped, and leaves the terminal as it was', async ({ lab }) => {
    registry.push('team/still', '1', { layers: [8_000_000] });
    registry.fail('team/still', { at: 'layer', does: 'trickle' });
    const env = { OFFSHOOT_IMAGE: `127.0.0.1:${open}/team/still:1` };
    const id = await lab.start({ env, flags: ['-t'] });
    await eventually(async () => expect((await lab.logs(id)).stdout).toContain('downloading'));
    await lab.ok('stop', '-t', '10', id);
    expect(await lab.ended(id)).toBe(143);
    const { stdout } = await lab.logs(id);
    expect(stdout).toMatch(/\[=* +\] \d+\.\d\/\d+\.\d MiB/);
    // Nothing of the bars comes after they were taken away.
    expect(stdout.slice(stdout.lastIndexOf('\u001B[J'))).toBe('\u001B[Joffshoot: error: cancelled by SIGTERM');
    expect(await lab.descendants(id)).toEqual([]);
  });

  it('or is here already: then a registry that is away does no harm, and is told with always', async ({ lab }) => {
    registry.push('team/here', '1');
    const image = `127.0.0.1:${open}/team/here:1`;
    await lab.ok('pull', image);
    registry.fail('team/here', { at: 'manifest', status: 401, code: 'UNAUTHORIZED', message: 'no more' });
    const env = { ...later, OFFSHOOT_IMAGE: image };
    expect(await lab.launch({ env })).toMatchObject({ exitCode: 0 });
    const always = await lab.launch({ env: { ...env, OFFSHOOT_PULL: 'always', OFFSHOOT_KEY: 'always' } });
    expect(always).toMatchObject({ exitCode: 66 });
    expect(errorOf(always).message).toContain('The engine has an older one, which OFFSHOOT_PULL=missing takes.');
    expect(await lab.descendants(always.self)).toEqual([]);
  });
});

/** Docker with containerd's store tells it of the container, the others of its image. */
async function platformOf(id: string, lab: Lab): Promise<string> {
  const [record = {}] = JSON.parse(await lab.ok('inspect', id)) as Inspected[];
  const { os, architecture } = record.ImageManifestDescriptor?.platform ?? {};
  if (os !== undefined) return `${os}/${architecture}`;
  return lab.ok('image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', record.Image ?? '');
}

interface Inspected {
  readonly Image?: string;
  readonly ImageManifestDescriptor?: { readonly platform?: { readonly os: string; readonly architecture: string } };
}
