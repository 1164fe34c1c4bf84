import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionError, resolveCommand } from '../../../src/entrypoint.ts';
import { CommandNotExecutableError, CommandNotFoundError, InvalidRequestError } from '../../../src/errors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offshoot-become-'));
  for (const name of ['first', 'second', 'first/folder']) mkdirSync(join(folder, name));
  for (const [name, mode] of [
    ['first/plain', 0o644],
    ['second/plain', 0o755],
    ['second/folder', 0o755],
    ['second/program', 0o755],
    ['first/text', 0o644],
  ] as const) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), mode);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (...words: string[]) => resolveCommand(words, { PATH: `${folder}/first:${folder}/second` });

describe('the file that a command names', () => {
  it.each([
    ['program', 'second/program'],
    ['plain', 'second/plain'], // the first of that name cannot be executed
    ['folder', 'second/folder'], // the first of that name is one
  ])('%s is found in the search path', async (name, file) => {
    expect(await resolve(name, 'argument')).toBe(join(folder, file));
  });

  it('is taken as it is when it has a slash', async () => {
    expect(await resolve(`${folder}/second/program`)).toBe(`${folder}/second/program`);
  });

  it.each([
    ['no-such-command', CommandNotFoundError],
    ['/no/such/file', CommandNotFoundError],
    ['/etc/passwd/below-a-file', CommandNotFoundError],
    ['text', CommandNotExecutableError],
    ['/etc', CommandNotExecutableError],
    ['/etc/passwd', CommandNotExecutableError],
    ['', InvalidRequestError],
  ])('%s is refused', async (name, error) => {
    await expect(resolve(name)).rejects.toThrow(error);
  });

  it('has to be given', async () => {
    await expect(resolve()).rejects.toThrow('OFFSHOOT_IMAGE');
  });
});

it.each([
  ['ENOENT', CommandNotFoundError, 127],
  ['ENOEXEC', CommandNotExecutableError, 126],
  ['EACCES', CommandNotExecutableError, 126],
  ['E2BIG', CommandNotExecutableError, 126],
])('what the kernel says, %s, becomes a status', (code, kind, status) => {
  const error = executionError('/bin/x', Object.assign(new Error(code), { code }));
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ exitStatus: status });
});
