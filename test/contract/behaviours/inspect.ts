import { expect } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors.ts';
import { never } from '../../support/runtime.ts';
import type { Behaviour, Bench } from '../subject.ts';

const options = { signal: never };

export function inspectBehaviours(behaviour: Behaviour): void {
  behaviour('a container by its id, by the beginning of it, and by its name', async ({ runtime, name, subject }) => {
    const called = name();
    const id = await subject.cli('create', '--name', called, '--label', subject.mark, subject.image);
    for (const reference of [id, id.slice(0, 12), id.slice(0, 20), called]) {
      expect(await runtime.inspect(reference, options)).toMatchObject({ id, name: called });
    }
  });

  behaviour('what is not there as undefined, and nothing of what cannot be', async ({ runtime, name }) => {
    // The last ones would name another path of an HTTP API.
    for (const reference of ['', '.', '..', '../json', 'a b', 'ä', '-x', '--help', '?all=1']) {
      await expect(runtime.inspect(reference, options)).rejects.toThrow(InvalidArgumentError);
      await expect(runtime.inspectImage(reference, options)).rejects.toThrow(InvalidArgumentError);
    }
    await expect(runtime.inspect('a/b', options)).rejects.toThrow(InvalidArgumentError);
    for (const reference of [name(), 'f'.repeat(64)]) {
      expect([reference, await runtime.inspect(reference, options)]).toEqual([reference, undefined]);
      expect([reference, await runtime.inspectImage(reference, options)]).toEqual([reference, undefined]);
    }
    expect(await runtime.inspectImage('f'.repeat(64), options)).toBeUndefined();
    expect(await runtime.inspectImage(`nope@sha256:${'f'.repeat(64)}`, options)).toBeUndefined();
  });

  behaviour('a container’s settings as they were asked for', async ({ runtime, run, name, subject }) => {
    const volume = name();
    const id = await run(
      [
        ...['--env', 'A=1', '--env', 'B=two words', '--env', 'C=x=y', '--env', 'D=ä\n2', '--env', 'EMPTY='],
        ...['--volume', `${volume}:/named`, '--volume', '/etc:/host-etc:ro', '--volume', '/anonymous'],
        ...['--pid', 'host', '--user', '65534:65534', '--workdir', '/tmp', '--group-add', '4242'],
        ...['--security-opt', 'no-new-privileges', '--label', 'team=a', '--label', 'odd=a=b, c'],
        ...['--entrypoint', '/bin/sh', '--cap-add', 'NET_ADMIN', '--add-host', 'peer:192.0.2.1'],
      ],
      ...['-c', 'exec sleep 60'],
    );
    const record = await runtime.inspect(id, options);
    expect(record?.settings).toMatchObject({
      env: expect.arrayContaining(['A=1', 'B=two words', 'C=x=y', 'D=ä\n2', 'EMPTY=']) as unknown,
      user: '65534:65534',
      workingDir: '/tmp',
      groupAdd: ['4242'],
      // Engines add what the host's processes need.
      securityOpt: expect.arrayContaining(['no-new-privileges']) as unknown,
      pidMode: 'host',
      networkMode: 'none',
      capAdd: expect.arrayContaining([expect.stringMatching(/NET_ADMIN$/)]) as unknown,
      extraHosts: ['peer:192.0.2.1'],
    });
    const { entrypoint = [], command = [] } = record?.settings ?? {};
    expect([...entrypoint, ...command]).toEqual(['/bin/sh', '-c', 'exec sleep 60']);
    expect(record?.settings.binds).toEqual(expect.arrayContaining([`${volume}:/named`, '/etc:/host-etc:ro']));
    expect(record?.labels).toMatchObject({ [subject.mark]: '', team: 'a', odd: 'a=b, c' });
    expect(record?.image.reference).toBe(subject.image);
    expect(record?.image.id).toBe((await runtime.inspectImage(subject.image, options))?.id);
    const places = Object.fromEntries((record?.mountPoints ?? []).map((point) => [point.destination, point]));
    expect(places['/host-etc']).toMatchObject({ type: 'bind', source: '/etc', readOnly: true });
    expect(places['/named']).toMatchObject({ type: 'volume', name: volume, readOnly: false });
    expect(places['/anonymous']).toMatchObject({ type: 'volume' });
    expect(record?.unmodelled).toEqual([]);
    await subject.cli('rm', '-f', '-v', id);
    await subject.cli('volume', 'rm', volume);
  });

  behaviour(
    'mounts as they were asked for',
    async ({ runtime, run }) => {
      const id = await run(
        [
          ...['--volume', '/etc:/host-etc:ro', '--volume', '/anonymous'],
          ...['--mount', 'type=bind,source=/usr,target=/u,readonly,bind-propagation=rslave'],
          ...['--mount', 'type=tmpfs,target=/t,tmpfs-size=1048576'],
        ],
        ...['sleep', '60'],
      );
      const { settings } = (await runtime.inspect(id, options)) ?? {};
      expect(settings?.volumes).toEqual(['/anonymous']);
      expect(settings?.binds).toEqual(['/etc:/host-etc:ro']);
      const bindOptions = { propagation: 'rslave' };
      expect(settings?.mounts).toEqual([
        { type: 'bind', source: '/usr', target: '/u', readOnly: true, bindOptions },
        { type: 'tmpfs', target: '/t', tmpfsOptions: { sizeBytes: 1_048_576 } },
      ]);
    },
    'mounts as asked for',
  );

  behaviour(
    'an entrypoint that was cleared from one that the image gave',
    async ({ runtime, started, run }) => {
      const cleared = await started({ entrypoint: [], command: ['sleep', '60'] });
      const none = await run([], 'sleep', '60');
      expect((await runtime.inspect(cleared, options))?.settings).toMatchObject({ command: ['sleep', '60'] });
      expect((await runtime.inspect(cleared, options))?.settings.entrypoint ?? []).toEqual([]);
      expect((await runtime.inspect(none, options))?.settings.entrypoint).toBeUndefined();
    },
    'an entrypoint that is missing',
  );

  behaviour(
    'a terminal',
    async ({ runtime, run }) => {
      const id = await run(['--tty'], 'sleep', '60');
      expect((await runtime.inspect(id, options))?.settings.tty).toBe(true);
    },
    'terminal',
  );

  behaviour('how a container fares', async ({ runtime, spec, subject }) => {
    const { id } = await runtime.create(
      spec({ command: ['sh', '-c', 'sleep 60 & trap "exit 3" TERM; wait'] }),
      options,
    );
    const state = async (): Promise<object | undefined> => (await runtime.inspect(id, options))?.state;
    expect(await state()).toMatchObject({ status: 'created', running: false, pid: 0, startedAt: undefined });
    await runtime.start(id, options);
    expect(await state()).toMatchObject({ status: 'running', running: true, startedAt: expect.any(String) as unknown });
    expect((await runtime.inspect(id, options))?.state.pid).toBeGreaterThan(0);
    await subject.cli('stop', id);
    expect(await state()).toMatchObject({ status: 'exited', running: false, pid: 0, exitCode: 3 });
    expect(await state()).toMatchObject({ startedAt: expect.any(String) as unknown });
  });

  behaviour('the running containers, and by their labels all of them', async ({ runtime, spec, started, subject }) => {
    const labels = { group: subject.mark, odd: 'a=b, "c"' };
    const running = await started({ labels, command: ['sleep', '60'], networkMode: 'none', binds: ['/etc:/host-etc'] });
    const { id: other } = await runtime.create(spec({ labels: { group: subject.mark } }), options);

    const all = await runtime.list(options);
    expect(all.map(({ id }) => id)).toContain(running);
    expect(all.map(({ id }) => id)).not.toContain(other);
    const row = all.find(({ id }) => id === running);
    expect(row).toMatchObject({ labels: { ...labels, [subject.mark]: '' } });
    expect(row?.name).toBe((await runtime.inspect(running, options))?.name);
    expect(row?.mountDestinations).toEqual(['/host-etc']);

    const ids = async (wanted: Record<string, string>): Promise<string[]> =>
      (await runtime.list({ ...options, labels: wanted })).map(({ id }) => id).toSorted();
    expect(await ids({ group: subject.mark })).toEqual([running, other].toSorted());
    expect(await ids(labels)).toEqual([running]);
    expect(await ids({ group: subject.mark, odd: 'a' })).toEqual([]);
    expect(await ids({ group: subject.mark, [subject.mark]: '' })).toEqual([running, other].toSorted());
  });

  behaviour(
    'of each running container whose network it is in',
    async ({ runtime, started }) => {
      const id = await started({ command: ['sleep', '60'], networkMode: 'none' });
      expect((await runtime.list(options)).find((row) => row.id === id)?.networkMode).toBe('none');
    },
    'network modes in lists',
  );

  behaviour(
    'the processes of a container, as its host sees them',
    async ({ runtime, started, spec }) => {
      const id = await started({ command: ['sh', '-c', 'sleep 61 & sleep 62; true'] });
      const processes = await runtime.processes(id, options);
      expect(processes?.map(({ comm }) => comm).toSorted()).toEqual(['sh', 'sleep', 'sleep']);
      expect(processes?.map(({ pid }) => pid)).toContain((await runtime.inspect(id, options))?.state.pid);
      const namespaces = new Set(processes?.map(({ mountNamespace }) => mountNamespace));
      expect(namespaces.size).toBe(1);
      expect([...namespaces][0]).toMatch(/^\d{5,}$/);
      const { id: stopped } = await runtime.create(spec(), options);
      expect(await runtime.processes(stopped, options)).toBeUndefined();
    },
    'processes',
  );

  behaviour(
    'an entrypoint and its command',
    async ({ runtime, run }) => {
      const id = await run(['--entrypoint', '/bin/sh'], '-c', 'exec sleep 60');
      const { settings } = (await runtime.inspect(id, options)) ?? {};
      expect(settings).toMatchObject({ entrypoint: ['/bin/sh'], command: ['-c', 'exec sleep 60'] });
    },
    'an entrypoint apart from its command',
  );

  const tellsFiles = async ({ runtime, name }: Bench, id: string): Promise<void> => {
    expect(await runtime.hasFile(id, '/bin/busybox', options)).toBe(true);
    expect(await runtime.hasFile(id, '/bin', options)).toBe(true);
    expect(await runtime.hasFile(id, '/nope', options)).toBe(false);
    expect(await runtime.hasFile(id, '/no pe?x=&y#ä', options)).toBe(false);
    expect(await runtime.hasFile(name(), '/bin/busybox', options)).not.toBe(true);
  };

  behaviour('whether a container has a file', async (bench) => {
    await tellsFiles(bench, await bench.run([], 'sleep', '60'));
  });

  behaviour(
    'whether a container that does not run has a file',
    async (bench) => {
      await tellsFiles(bench, (await bench.runtime.create(bench.spec(), options)).id);
    },
    'files of what does not run',
  );

  behaviour('an image by its name, and by its id', async ({ runtime, subject }) => {
    const image = await runtime.inspectImage(subject.image, options);
    expect(image?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(image?.config?.command).toEqual(['sh']);
    expect(image?.config?.entrypoint).toBeUndefined();
    expect(image?.config?.env).toEqual(expect.arrayContaining([expect.stringMatching(/^PATH=/)]));
    const id = image?.id ?? '';
    for (const reference of [id, id.slice('sha256:'.length), id.slice('sha256:'.length, 'sha256:'.length + 12)])
      expect((await runtime.inspectImage(reference, options))?.id).toBe(id);
    expect(await runtime.inspectImage('offshoot-test/nope:1', options)).toBeUndefined();
  });
}
