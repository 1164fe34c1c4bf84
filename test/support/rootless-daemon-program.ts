// What a test runs as a user: `ensure`, `ensure MS CONTAINERD`, `cancel MS CONTAINERD`, `stop`. Its answer is a line of JSON.
import { describeError, OffshootError } from '../../src/errors.ts';
import { resolveContainerdAddress } from '../../src/host/containerd-address.ts';
import { containerdDaemon } from '../../src/host/rootless-daemon.ts';

const [verb, ms, containerd] = process.argv.slice(2);
const { env } = process;
const daemon = containerdDaemon({ env, containerd });

async function answer(): Promise<object> {
  if (verb === 'stop') return daemon.stop();
  const timeoutMs = verb === 'ensure' && ms !== undefined ? Number(ms) : undefined;
  const signal = verb === 'cancel' ? AbortSignal.timeout(Number(ms)) : undefined;
  try {
    const started = await daemon.ensureStarted({ timeoutMs, signal });
    return { ...started, resolved: resolveContainerdAddress({ env }) };
  } catch (error) {
    const code = error instanceof OffshootError ? error.code : (error as Error).name;
    return { code, message: describeError(error) };
  }
}

process.stdout.write(`${JSON.stringify(await answer())}\n`);
