import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { execFailure, statusIn } from '../../../../src/runtime/nerdctl/exec/exec-failures.ts';
import { lastWords } from '../../../../src/runtime/nerdctl/exec/exec-process.ts';
import type { Answer } from '../../../../src/runtime/nerdctl/command/failures.ts';
import { inTerminal, linesAside } from '../../../../src/runtime/nerdctl/exec/terminal.ts';

/** As nerdctl 2.2.2 has said it on containerd 1.6. */
const said = (message: string): Answer => ({
  exitCode: 1,
  stdout: '',
  stderr: `time="2026-11-22T11:51:40Z" level=fatal msg=${JSON.stringify(message)}\n`,
});
const oci = 'OCI runtime exec failed: exec failed: unable to start container process: ';

describe('the end of a process that nerdctl has run', () => {
  it.each([
    [{ exitCode: 0, stdout: '', stderr: '' }, 0],
    [said('exec failed with exit code 3'), 3],
    [said('exec failed with exit code 137'), 137],
    [said(`${oci}exec: "nope": executable file not found in $PATH: unknown`), undefined],
    [{ exitCode: -1, stdout: '', stderr: '' }, undefined],
  ])('%j', (answer, status) => {
    expect(statusIn(answer)).toBe(status);
  });

  it.each([
    ['no such container nobody', 'ERR_NOT_FOUND'],
    ['no running task found: task 4d733e3de7a9 not found', 'ERR_CONFLICT'],
    [`${oci}exec: "nope": executable file not found in $PATH: unknown`, 'ERR_COMMAND_NOT_FOUND'],
    [`${oci}exec: "/etc": permission denied: unknown`, 'ERR_COMMAND_NOT_EXECUTABLE'],
    // Words about the folder, not the command.
    [`${oci}chdir to cwd ("/nope") set in config.json failed: no such file or directory`, 'ERR_ENGINE_REFUSED'],
    ['mount callback failed on /tmp/containerd-mount2551562821: no users found', 'ERR_ENGINE_REFUSED'],
    ['', 'ERR_EXEC'],
  ])('%s', (message, code) => {
    expect(execFailure(said(message), 'x')).toMatchObject({ code });
  });

  it('stands behind what the process has said last, however much that is', async () => {
    const stderr = new PassThrough();
    const words = lastWords(stderr);
    stderr.write('x'.repeat(100_000));
    stderr.end(`no line${said('exec failed with exit code 4').stderr}`);
    expect(statusIn({ exitCode: 1, stdout: '', stderr: await words })).toBe(4);
  });
});

describe('a terminal for nerdctl', () => {
  it('is set up before it begins, and takes its words as they are', () => {
    const words = inTerminal(['nerdctl', 'exec', "it's $(x)"], { columns: 100, rows: 40 });
    expect(words.slice(0, 5)).toEqual(['script', '-q', '-e', '-f', '-c']);
    expect(words[5]).toBe(
      String.raw`stty raw -echo rows 40 cols 100 && tty >&4 && exec 'nerdctl' 'exec' 'it'\''s $(x)' 2>&4`,
    );
  });

  it('tells where it is at once, and the rest at the end', async () => {
    const aside = new PassThrough();
    const { first, rest } = linesAside(aside);
    aside.write('/dev/pt');
    aside.write('s/7\ntime=');
    expect(await first).toBe('/dev/pts/7');
    aside.end('"x"\n');
    expect(await rest).toBe('time="x"\n');
    const ended = new PassThrough();
    const nothing = linesAside(ended);
    ended.end();
    expect([await nothing.first, await nothing.rest]).toEqual([undefined, '']);
  });
});
