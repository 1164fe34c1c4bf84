import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('runc-within-bounds.sh', import.meta.url));

/** What to run as runc where this machine lacks capabilities (a container or a small VM): elsewhere runc is used as it is. */
export async function runcWithinBounds(): Promise<string | undefined> {
  const [status, last] = await Promise.all([
    readFile('/proc/self/status', 'utf8'),
    readFile('/proc/sys/kernel/cap_last_cap', 'utf8'),
  ]);
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(status)?.[1] ?? '0'}`);
  const all = (1n << BigInt(Number(last) + 1)) - 1n;
  return (bounding & all) === all ? undefined : script;
}

/** The same as flags for dockerd. */
export async function runtimeFlags(): Promise<string[]> {
  const runtime = await runcWithinBounds();
  return runtime === undefined
    ? []
    : ['--add-runtime', `within-bounds=${runtime}`, '--default-runtime', 'within-bounds'];
}
