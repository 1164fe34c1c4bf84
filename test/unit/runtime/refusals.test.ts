import { describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/runtime/docker/wire/api.ts';
import { createRefusal, refusal, startRefusal } from '../../../src/runtime/docker/wire/refusals.ts';

function answer(status: number, message: string, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  const none = (): never => {
    throw new Error('not asked for');
  };
  const call = 'POST /containers/create';
  const header = (name: string): string | undefined => headers[name];
  const text = async (): Promise<string> => message;
  return {
    status,
    call,
    hijack: undefined,
    header,
    message: text,
    json: none,
    text: none,
    stream: none,
    discard: none,
  };
}

const runc =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const newer = `failed to create task for container: ${runc}`;
// runc before 1.1
const older = 'OCI runtime create failed: container_linux.go:380: starting container process caused: ';

describe('a start that is refused', () => {
  it.each<[message: string, exitStatus: number]>([
    [`${runc}exec: "nope": executable file not found in $PATH: unknown`, 127],
    [`${newer}exec: "nope": executable file not found in $PATH`, 127],
    [`${runc}exec: "/nope/x": stat /nope/x: no such file or directory: unknown`, 127],
    [`${newer}exec: "/a: b/x": stat /a: b/x: no such file or directory`, 127],
    [String.raw`${runc}exec: "we \"ird": executable file not found in $PATH: unknown`, 127],
    [`${older}exec: "nope": executable file not found in $PATH: unknown`, 127],
    [`${runc}exec: "/etc": permission denied: unknown`, 126],
    [`${runc}exec: "/etc": is a directory: unknown`, 126],
    [`${newer}exec: "/etc/passwd": permission denied`, 126],
    // None of these is about the command, whatever they end in.
    [
      `${runc}error during container init: error mounting "/a" to rootfs at "/b": no such file or directory: unknown`,
      73,
    ],
    [
      `${older}process_linux.go:545: container init caused: rootfs_linux.go:76: mounting "/a" to rootfs at "/b" caused: mount through procfd: no such file or directory: unknown`,
      73,
    ],
    [`${runc}error mounting "/exec: x" to rootfs at "/b": permission denied: unknown`, 73],
    ['error gathering device information while adding custom device "/dev/nope": no such file or directory', 73],
    ['driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated', 73],
    ['network nonet not found', 73],
    ['unable to find user nobodyx: no matching entries in passwd file', 73],
    [
      'failed to create task for container: failed to start shim: fork/exec /usr/bin/containerd-shim-runc-v2: no such file or directory: unknown',
      73,
    ],
    ['', 73],
  ])('%s is %i', async (message, exitStatus) => {
    const error = await startRefusal(answer(400, message), 'f'.repeat(64));
    expect(error.exitStatus).toBe(exitStatus);
    expect(error.message).toBe(`the engine refused to start ffffffffffff: ${message || 'status 400'}`);
  });
});

describe('a create that is refused', () => {
  it.each<[status: number, message: string, code: string]>([
    [409, 'Conflict. The container name "/x" is already in use by container "1". You have to remove', 'ERR_NAME_TAKEN'],
    [404, 'No such image: nope:1', 'ERR_IMAGE_UNAVAILABLE'],
    [404, 'no such image: nope:1: No such image: nope:1', 'ERR_IMAGE_UNAVAILABLE'],
    [404, 'No such container: other', 'ERR_ENGINE_REFUSED'],
    [400, 'invalid mount config for type "bind": bind source path does not exist: /nope', 'ERR_ENGINE_REFUSED'],
    [500, 'Cannot mkdir: /etc/passwd is not a directory', 'ERR_ENGINE_REFUSED'],
  ])('%i %s is %s', async (status, message, code) => {
    const error = await createRefusal(answer(status, message), 'x', 'nope:1');
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

// What Docker 20.10 and 28.5 say with --userns-remap.
it.each([
  'privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode',
  'cannot share the host PID namespace when user namespaces are enabled',
  "cannot share the host's network namespace when user namespaces are enabled",
])('users that are remapped are explained: %s', async (message) => {
  const { hint } = await createRefusal(answer(400, message), 'x', 'i');
  expect(hint).toContain('--userns host');
});

describe('a call that somebody before the engine does not allow', () => {
  const ofEngine = { 'api-version': '1.51' };

  it.each([
    [403, 'Forbidden', {}],
    [405, 'Method Not Allowed', {}],
    [403, 'authorization denied by plugin opa: no', ofEngine],
  ])('%i %s: is named, with what it says', async (status, words, headers) => {
    for (const error of [
      await refusal(answer(status, words, headers), 'do it'),
      await createRefusal(answer(status, words, headers), 'x', 'i'),
      await startRefusal(answer(status, words, headers), 'x'),
    ]) {
      expect(error).toMatchObject({ exitStatus: 73, hint: expect.stringContaining('Least privilege') as string });
      expect(error.message).toContain(`${status} to POST /containers/create: ${words}`);
    }
  });

  it.each([
    [403, 'operation not supported for pre-defined networks', ofEngine],
    [500, 'oops', {}],
  ])('%i %s: is not one', async (status, words, headers) => {
    expect((await refusal(answer(status, words, headers), 'do it')).hint).toBeUndefined();
  });
});

// What engines were heard to say.
it.each([
  'invalid environment variable: =secret value',
  `${runc}error during container init: environment variable name can't contain null(\\x00): "A\\x00=secret value": unknown`,
  'invalid environment variable: B\nC=secret value',
])('no value of a variable is repeated: %j', async (message) => {
  for (const error of [
    await refusal(answer(500, message), 'do it'),
    await createRefusal(answer(400, message), 'x', 'i'),
    await startRefusal(answer(500, message), 'x'),
  ]) {
    expect(error.message).not.toContain('secret');
    expect(error.message).toContain('environment variable');
  }
});
