import { expect } from 'vitest';
import { EngineRefusedError, ImageUnavailableError, NameTakenError } from '../../../src/errors.ts';
import type { ContainerSettings, ContainerSpec } from '../../../src/runtime/container.ts';
import { failureOf, never } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

const options = { signal: never };

export function createBehaviours(behaviour: Behaviour): void {
  behaviour('what it is asked for, so that it reads back the same', async ({ runtime, spec }) => {
    const asked: ContainerSettings = {
      env: ['A=1', 'B=two words', 'C=x=y', 'D=ä\n2 $HOME `x` "q"', 'EMPTY='],
      entrypoint: ['/bin/sh', '-c'],
      command: ['sleep 60', 'an argument', ''],
      user: '65534:65534',
      workingDir: '/tmp',
      binds: ['/etc:/host-etc:ro'],
      groupAdd: ['4242'],
      securityOpt: ['no-new-privileges'],
      capAdd: ['NET_ADMIN'],
      shmSize: 33_554_432,
      extraHosts: ['peer:192.0.2.1'],
      healthcheck: { test: ['CMD-SHELL', 'true'], interval: 2_000_000_000, retries: 2 },
      networkMode: 'none',
    };
    const wanted = spec(asked);
    const { id, warnings } = await runtime.create(wanted, options);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(warnings).toEqual([]);
    const record = await runtime.inspect(id, options);
    expect(record).toMatchObject({ id, name: wanted.name, labels: wanted.labels });
    const { env = [], ...settings } = record?.settings ?? asked;
    // The image's own come with them.
    expect(env).toEqual(expect.arrayContaining([...(asked.env ?? [])]));
    expect({ ...settings, env: asked.env }).toMatchObject(asked);
    expect(record?.unmodelled).toEqual([]);
    // What reads back can be created again, and is the same.
    const { id: again } = await runtime.create(spec({ ...asked, ...settings, env }), options);
    expect((await runtime.inspect(again, options))?.settings).toEqual(record?.settings);
  });

  behaviour(
    'mounts, so that they read back the same',
    async ({ runtime, spec }) => {
      const mounts: ContainerSettings['mounts'] = [
        { type: 'bind', source: '/usr', target: '/u', readOnly: true },
        { type: 'tmpfs', target: '/t', tmpfsOptions: { sizeBytes: 1_048_576 } },
      ];
      const { id } = await runtime.create(spec({ mounts }), options);
      expect((await runtime.inspect(id, options))?.settings.mounts).toEqual(mounts);
    },
    'mounts as asked for',
  );

  behaviour('with the image’s own where nothing is asked for', async ({ runtime, spec, subject }) => {
    const { id } = await runtime.create(spec(), options);
    const [record, image] = [await runtime.inspect(id, options), await runtime.inspectImage(subject.image, options)];
    const { env, command } = image?.config ?? {};
    expect(record?.settings.command).toEqual(command);
    // Whatever the engine adds to each container counts as its image's.
    expect(env).toEqual(expect.arrayContaining([...(record?.settings.env ?? ['none'])]));
    expect(Object.keys(record?.settings ?? {})).not.toEqual(expect.arrayContaining(['binds', 'mounts', 'privileged']));
  });

  behaviour(
    'with no variables but the image’s own',
    async ({ runtime, spec, subject }) => {
      const { id } = await runtime.create(spec(), options);
      const image = await runtime.inspectImage(subject.image, options);
      expect((await runtime.inspect(id, options))?.settings.env).toEqual(image?.config?.env);
    },
    "the image's own environment alone",
  );

  behaviour('by the id of an image', async ({ runtime, spec, subject }) => {
    const image = await runtime.inspectImage(subject.image, options);
    const { id } = await runtime.create(spec({ image: image?.id ?? '' }), options);
    expect((await runtime.inspect(id, options))?.image.id).toBe(image?.id);
  });

  behaviour(
    'and reports what the engine warns of',
    async ({ runtime, spec }) => {
      const override = { HostConfig: { OomKillDisable: true } };
      const { warnings } = await runtime.create(spec({ override }), options);
      expect(warnings.join()).toMatch(/oom ?kill/i);
    },
    'warnings',
  );

  behaviour(
    'with an override that is merged over its own request, last (RFC 7396)',
    async ({ runtime, spec, subject }) => {
      const override = {
        Labels: { added: 'yes', dropped: null },
        Cmd: ['echo', 'overridden'],
        HostConfig: { ExtraHosts: ['peer:192.0.2.1'], Binds: null },
      };
      const settings = { labels: { dropped: 'x', kept: 'y' }, command: ['true'], binds: ['/etc:/host-etc'] };
      const { id } = await runtime.create(spec({ ...settings, override }), options);
      const record = await runtime.inspect(id, options);
      expect(record?.labels).toEqual({ [subject.mark]: '', kept: 'y', added: 'yes' });
      expect(record?.settings).toMatchObject({ command: ['echo', 'overridden'] });
      expect(record?.settings.binds).toBeUndefined();
      expect(await subject.cli('inspect', '--format', '{{.HostConfig.ExtraHosts}}', id)).toBe('[peer:192.0.2.1]');
    },
    'override',
  );

  behaviour(
    'and restarts on failure only where that is asked for',
    async ({ runtime, spec, subject }) => {
      const policy = (id: string): Promise<string> =>
        subject.cli(
          'inspect',
          '--format',
          '{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}',
          id,
        );
      const { id: plain } = await runtime.create(spec(), options);
      const { id: stubborn } = await runtime.create(
        spec({ restartPolicy: { name: 'on-failure', maximumRetryCount: 3 } }),
        options,
      );
      expect(await policy(plain)).toMatch(/^(no|):0$/);
      expect(await policy(stubborn)).toBe('on-failure:3');
    },
    'restart on failure',
  );

  behaviour('nothing when the name is taken, which is an error of its own', async ({ runtime, spec }) => {
    const first = spec();
    const { id } = await runtime.create(first, options);
    const error = await failureOf(runtime.create(spec({ name: first.name }), options));
    expect(error).toBeInstanceOf(NameTakenError);
    expect(error).toMatchObject({ exitStatus: 73 });
    expect(String(error)).toContain(first.name);
    expect((await runtime.inspect(first.name, options))?.id).toBe(id);
  });

  behaviour('one of many that want the same name at the same time', async ({ runtime, spec }) => {
    const { name } = spec();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => runtime.create(spec({ name }), options)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(failures).toHaveLength(4);
    for (const failure of failures) expect(failure).toBeInstanceOf(NameTakenError);
  });

  behaviour('nothing without its image', async ({ runtime, spec }) => {
    for (const image of ['offshoot-test/nope:1', `sha256:${'f'.repeat(64)}`]) {
      const error = await failureOf(runtime.create(spec({ image }), options));
      expect(error).toBeInstanceOf(ImageUnavailableError);
      expect(error).toMatchObject({ exitStatus: 66 });
      expect(String(error)).toContain(image);
    }
  });

  behaviour(
    'nothing that it could not give',
    async ({ runtime, spec, subject }) => {
      const missing = { type: 'bind', source: '/nonexistent/offshoot', target: '/x' };
      const cases: [settings: Partial<ContainerSpec>, says: RegExp][] = [
        [{ mounts: [missing] }, /\/nonexistent\/offshoot/],
        [{ mounts: [{ type: 'tmpfs', target: 'relative' }] }, /relative/],
        [{ mounts: [{ type: 'nope', target: '/x' }] }, /nope|mount type/],
        [{ binds: ['/etc:/b:/c:/d'] }, /\/etc:\/b:\/c:\/d/],
      ];
      for (const [settings, says] of cases) {
        const asked = spec(settings);
        const error = await failureOf(runtime.create(asked, options));
        expect(error).toBeInstanceOf(EngineRefusedError);
        expect(error).toMatchObject({ exitStatus: 73, code: 'ERR_ENGINE_REFUSED' });
        expect(String(error)).toMatch(says);
        expect(await subject.cli('ps', '-aq', '--filter', `name=${asked.name}`)).toBe('');
      }
    },
    'early refusals',
  );

  behaviour('without any value of a variable in what it says when it fails', async ({ runtime, spec }) => {
    const secret = 'hunter2-secret';
    const env = [`TOKEN=${secret}`];
    const cases: Partial<ContainerSpec>[] = [
      { env: [`=${secret}`] },
      { env, image: 'offshoot-test/nope:1' },
      { env, mounts: [{ type: 'bind', source: '/nonexistent/offshoot', target: '/x' }] },
      { env, command: ['nope'] },
      { env, command: ['/etc'] },
      { env, user: 'nope' },
      { env, networkMode: 'nope' },
    ];
    for (const settings of cases) {
      const work = runtime.create(spec(settings), options).then(({ id }) => runtime.start(id, options));
      const error = await failureOf(work);
      expect(error).toMatchObject({ exitStatus: expect.any(Number) as unknown });
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(secret);
    }
    // Some take it as it is.
    const odd = runtime.create(spec({ env: [`A\0=${secret}`] }), options);
    expect(String(await odd.catch((error: unknown) => error))).not.toContain(secret);
  });
}
