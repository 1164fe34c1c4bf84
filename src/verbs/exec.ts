import { InvalidRequestError } from '../errors.ts';
import type { ExecHandle } from '../runtime/runtime.ts';
import type { RunVerb, VerbContext } from './context.ts';
import { findContainer } from './containers.ts';
import { withEngine } from './engine.ts';
import { jsonLine } from './table.ts';
import { isOn, listOf, notEmpty, valuesOf, variable } from './values.ts';

/** Ends with the status of the command; 126 and 127 where it cannot be run, or is not there. */
export const exec: RunVerb = (line, context) => {
  const { user, workdir } = valuesOf(line, { user: notEmpty, workdir: notEmpty });
  const env = listOf(line, 'env', variable);
  const [interactive, tty, json] = [isOn(line, 'interactive'), isOn(line, 'tty'), isOn(line, 'json')];
  const problem = json
    ? (interactive || tty) && '--json tells of the whole output, and takes neither --interactive nor --tty'
    : interactive && tty && !context.stdin.isTerminal && 'our standard input is no terminal';
  if (problem) throw new InvalidRequestError([{ name: json ? '--json' : '--tty', problem }]);
  const { signal } = context;
  const request = { command: line.command ?? [], env, user, workingDir: workdir };
  return withEngine(line, context, async (engine) => {
    const [reference = ''] = line.words;
    const { id } = await findContainer(reference, engine, signal);
    if (json) {
      const result = await engine.runtime.exec.run(id, request, { signal });
      await context.write(jsonLine(result));
      return result.exitCode;
    }
    const size = tty ? (context.stdout.size() ?? true) : undefined;
    const handle = await engine.runtime.exec.stream(id, { ...request, stdin: interactive, tty: size }, { signal });
    return converse(handle, context, { interactive: interactive ?? false, tty: tty ?? false });
  });
};

/** Until the command has ended; what it does not take of our input is nobody's. */
async function converse(
  handle: ExecHandle,
  { stdin, stdout, write }: VerbContext,
  { interactive, tty }: { readonly interactive: boolean; readonly tty: boolean },
): Promise<number> {
  const setBack = interactive && tty ? stdin.raw() : undefined;
  const resize = (): void => {
    const size = stdout.size();
    // Whoever has ended meanwhile has no size.
    if (size !== undefined) handle.resize(size).catch(() => {});
  };
  const deaf = tty ? stdout.onResize(resize) : undefined;
  try {
    if (interactive) void feed(handle, stdin.chunks());
    for await (const { stream, data } of handle.output) await write(data, stream);
    return (await handle.wait()).exitCode;
  } finally {
    deaf?.();
    setBack?.();
    if (interactive) stdin.close();
    handle.close();
  }
}

/** A command that has ended takes nothing any more: its status says the rest. */
async function feed(handle: ExecHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) await handle.write(chunk);
    await handle.closeStdin();
  } catch {
    // The output tells of it.
  }
}
