import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NotSupportedError } from '../../../../src/errors.ts';
import { envFile } from '../../../../src/runtime/nerdctl/create/env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'offshoot-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function told(
  env: readonly string[],
  folders: readonly string[] = [folder],
): { text: string; args: readonly string[]; env: object } {
  const { args, env: passed, file, close } = envFile(env, folders);
  const text = file === undefined ? '' : readFileSync(`/proc/self/fd/${file}`, 'utf8');
  close();
  return { text, args, env: passed };
}

describe('the variables of a container reach nerdctl', () => {
  it('by a file without a name', () => {
    const { text, args, env } = told(['A=1', 'B=two  words', 'Q="$HOME"', 'EMPTY=', 'X=a=b', 'Ä=ä']);
    expect(text).toBe('A=1\nB=two  words\nQ="$HOME"\nEMPTY=\nX=a=b\nÄ=ä\n');
    expect(args).toEqual(['--env-file', '/proc/self/fd/3']);
    expect(env).toEqual({});
    expect(readdirSync(folder)).toEqual([]);
  });

  it('by its own environment where no line can hold them, and never by a value on its command line', () => {
    const long = `LONG=${'x'.repeat(70_000)}`;
    const { text, args, env } = told(['A=1', 'NL=a\nb', 'CR=a\r', 'END=a ', ' START=a', '#HASH=a', long]);
    expect(text).toBe('A=1\n');
    expect(args).toEqual([
      ...['--env-file', '/proc/self/fd/3', '--env', 'NL', '--env', 'CR', '--env', 'END', '--env', ' START'],
      ...['--env', '#HASH', '--env', 'LONG'],
    ]);
    expect(env).toEqual({ NL: 'a\nb', CR: 'a\r', END: 'a ', ' START': 'a', '#HASH': 'a', LONG: 'x'.repeat(70_000) });
  });

  it('all by its environment where no file can be made', () => {
    expect(told(['A=1'], ['/nonexistent'])).toEqual({ text: '', args: ['--env', 'A'], env: { A: '1' } });
  });

  it('a name without a value is empty: nerdctl would take its own', () => {
    expect(told(['PATH']).text).toBe('PATH=\n');
  });

  it('not at all where nerdctl would obey them', () => {
    for (const name of ['PATH', 'HOME', 'LD_PRELOAD', 'CONTAINERD_ADDRESS', 'CNI_PATH', 'GODEBUG', 'https_proxy'])
      expect(() => told([`${name}=a\nb`])).toThrow(NotSupportedError);
    expect(() => told(['PATH=a\nsecret'])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') as unknown }),
    );
    expect(told(['PATH=/bin', 'LD_PRELOAD=x']).text).toBe('PATH=/bin\nLD_PRELOAD=x\n');
  });

  it('none leaves no trace', () => {
    expect(told([])).toEqual({ text: '', args: [], env: {} });
  });
});
