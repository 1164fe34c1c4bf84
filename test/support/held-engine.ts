import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Which request is held: the n-th of its kind. */
export interface HeldRequest {
  readonly method: string;
  /** Of the path without the version of the API. */
  readonly path: RegExp;
  /** From 1, which is the default. */
  readonly nth?: number;
  /** Before the engine sees the request, or when it has carried it out and has answered. */
  readonly at: 'request' | 'answer';
}

export interface Hold {
  /** Resolves when the request is held. */
  readonly reached: Promise<void>;
  release(): void;
}

/** A socket before an engine's, which can hold back one request or its answer for as long as a test wants. */
export interface HeldEngine {
  readonly socket: string;
  hold(which: HeldRequest): Hold;
  close(): Promise<void>;
}

interface Rule extends HeldRequest {
  left: number;
  reached(): void;
  readonly released: Promise<void>;
}

export async function holdEngine(engineSocket: string): Promise<HeldEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-held-'));
  const socket = `${folder}/docker.sock`;
  const rules: Rule[] = [];

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const rule = ruleFor(incoming);
    if (rule?.at === 'request') await heldBy(rule);
    if (outgoing.destroyed) return; // given up meanwhile: the engine has never seen it
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: engineSocket, method, path: url, headers });
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    if (rule?.at === 'answer') await heldBy(rule);
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    outgoing.flushHeaders();
    answer.on('error', () => outgoing.destroy()).pipe(outgoing);
  }

  function ruleFor({ method, url = '' }: IncomingMessage): Rule | undefined {
    const path = url.replace(/^\/v1\.\d+/, '').replace(/\?.*/, '');
    for (const rule of rules) {
      if (rule.method !== method || !rule.path.test(path)) continue;
      rule.left -= 1;
      if (rule.left === 0) return rule;
    }
    return undefined;
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(socket);
  await once(server, 'listening');

  return {
    socket,
    hold(which) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      rules.push({ ...which, left: which.nth ?? 1, reached: reached.resolve, released: released.promise });
      return { reached: reached.promise, release: released.resolve };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function heldBy(rule: Rule): Promise<void> {
  rule.reached();
  await rule.released;
}
