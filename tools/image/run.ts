import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The output of a program; its failure is an error that says what it said. */
export async function run(file: string, args: readonly string[]): Promise<string> {
  // Neither the user's language nor flags meant for another Node.
  const env = { ...process.env, LC_ALL: 'C', NODE_OPTIONS: '' };
  const { stdout } = await execute(file, args, { env, maxBuffer: 1 << 26 }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`${file} ${args.join(' ')} failed: ${error.stderr?.trim() || error.message}`, { cause: error });
    },
  );
  return stdout;
}
