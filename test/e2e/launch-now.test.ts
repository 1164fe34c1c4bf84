import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Docker, dockerOf, socketMount } from '../support/docker.ts';
import type { LaunchResult } from '../../src/launch/result.ts';

describe.each(inject('engines'))('launch now on $kind', (engine) => {
  let docker: Docker;
  afterEach(() => docker.cleanUp());

  it('starts a sibling of the same image and tells about it', async () => {
    docker = dockerOf(engine);
    const { exitCode, stdout, stderr } = await docker.run(
      ...socketMount(engine),
      ...['-e', 'OFFSHOOT_IMAGE=self', '-e', 'OFFSHOOT_COMMAND=echo hello'],
      'offshoot:dev',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const result = JSON.parse(stdout) as LaunchResult;
    expect(await docker.ok('wait', result.id)).toBe('0');
    expect(await docker.ok('logs', result.id)).toBe('hello');
    expect(result.self.id).toBe((await docker.inspect(result.self.name)).Id);
  });
});
