import type { Readable } from 'node:stream';
import type { TerminalSize } from '../../runtime.ts';
import { EngineUnavailableError } from '../../../errors.ts';
import type { Client } from '../command/client.ts';

/** Why there may be none. */
export const noTerminal =
  'nerdctl needs a terminal of its own for it, and there is no script(1) of util-linux to make one';

/** Is there a program that makes terminals? */
export async function hasTerminal(client: Client, signal: AbortSignal): Promise<boolean> {
  const answer = await client.runProgram(['script', '--version'], { signal }).catch((error: unknown) => {
    if (error instanceof EngineUnavailableError) return undefined;
    throw error;
  });
  return answer?.exitCode === 0 && answer.stdout.includes('util-linux');
}

/**
 * The same program with a terminal, which is set up before it begins, so that nothing is shown twice. As its number 4
 * it tells where its terminal is; what the program says on its standard error follows.
 */
export function inTerminal(words: readonly string[], size: true | TerminalSize): readonly string[] {
  const shape = size === true ? '' : ` rows ${size.rows} cols ${size.columns}`;
  const inner = `stty raw -echo${shape} && tty >&4 && exec ${words.map(quotedForShell).join(' ')} 2>&4`;
  return ['script', '-q', '-e', '-f', '-c', inner, '/dev/null'];
}

function quotedForShell(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The first line, as soon as it is there (undefined where there is none), and all that follows. */
export function linesAside(aside: Readable): { first: Promise<string | undefined>; rest: Promise<string> } {
  const first = Promise.withResolvers<string | undefined>();
  const rest = read();
  rest.catch(() => first.resolve(undefined));
  return { first: first.promise, rest };

  async function read(): Promise<string> {
    let text = '';
    for await (const data of aside) {
      text += (data as Buffer).toString();
      const at = text.indexOf('\n');
      if (at >= 0) first.resolve(text.slice(0, at));
    }
    first.resolve(undefined);
    return text.slice(text.indexOf('\n') + 1);
  }
}
