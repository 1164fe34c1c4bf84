import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listening } from './listening.ts';

/** Which request: the n-th of its kind from now on. */
export interface Which {
  readonly method: string;
  /** Of the path without the version of the API. */
  readonly path: RegExp;
  /** From 1, which is the default. */
  readonly nth?: number;
}

/** What happens to one request. */
export type Fault =
  /** The connection breaks before the engine has seen anything. */
  | { readonly is: 'unsent' }
  /** The engine gets so much of the request (0 to 1, of its body), and then the connection breaks. */
  | { readonly is: 'half-sent'; readonly part: number }
  /** The engine has carried it out; the connection breaks instead of an answer. */
  | { readonly is: 'lost' }
  /** The same in the answer: after so much (0 to 1) of its head, or of its body. */
  | { readonly is: 'cut'; readonly in: 'head' | 'body'; readonly part: number }
  /** The connection breaks after so many bytes of a stream. */
  | { readonly is: 'broken-stream'; readonly after: number }
  /** Another answer than the engine's. */
  | { readonly is: 'answer'; readonly status: number; readonly message: string; readonly carriedOut?: boolean }
  /** No answer, ever. */
  | { readonly is: 'silent' }
  | { readonly is: 'slow'; readonly ms: number }
  /** Nothing listens from then on, for so long. */
  | { readonly is: 'away'; readonly ms: number };

export interface HeldRequest extends Which {
  /** Before the engine sees the request, or when it has carried it out and has answered. */
  readonly at: 'request' | 'answer';
}

export interface Hold {
  /** Resolves when the request is held. */
  readonly reached: Promise<void>;
  release(): void;
}

/** A socket before an engine's, which does to a request what a test wants. */
export interface FaultProxy {
  readonly socket: string;
  /** `GET /containers/json?all=true`, in order. */
  readonly requests: readonly string[];
  /** Resolves when it happens. */
  inject(which: Which, fault: Fault): Promise<void>;
  /** Holds back one request or its answer for as long as the test wants. */
  hold(which: HeldRequest): Hold;
  close(): Promise<void>;
}

interface Rule extends Which {
  left: number;
  readonly act: (exchange: Exchange) => Promise<void>;
}

/** One request, and what can be done with it. */
interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly client: Socket;
  /** Asks the engine, once. */
  ask(): Promise<IncomingMessage>;
  /** Gives its answer on. */
  pass(answer: IncomingMessage): void;
}

export async function startFaultProxy(engineSocket: string, folder?: string): Promise<FaultProxy> {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'offshoot-faults-')));
  const socket = join(own, `${Math.random().toString(36).slice(2, 10)}.sock`);
  const rules: Rule[] = [];
  const requests: string[] = [];

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const target = url.replace(/^\/v\d+\.\d+/, '');
    requests.push(`${method} ${target}`);
    const exchange: Exchange = {
      incoming,
      outgoing,
      client: incoming.socket,
      async ask() {
        const onward = request({ socketPath: engineSocket, method, path: url, headers });
        outgoing.on('close', () => onward.destroy());
        incoming.pipe(onward);
        const [answer] = (await once(onward, 'response')) as [IncomingMessage];
        return answer;
      },
      pass(answer) {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        outgoing.flushHeaders();
        answer.on('error', () => outgoing.destroy()).pipe(outgoing);
      },
    };
    const rule = take(method, target.replace(/\?.*/, ''));
    if (rule === undefined) exchange.pass(await exchange.ask());
    else await rule.act(exchange);
  };

  function take(method: string, path: string): Rule | undefined {
    for (const rule of rules) {
      if (rule.method !== method || !rule.path.test(path)) continue;
      rule.left -= 1;
      if (rule.left === 0) return rule;
    }
    return undefined;
  }

  const open = () =>
    listening(
      createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => incoming.socket.destroy())),
      { path: socket },
    );
  let server = await open();
  let reopened = Promise.resolve();

  async function goAway(ms: number): Promise<void> {
    await server.close();
    reopened = sleep(ms).then(async () => void (server = await open()));
  }

  async function carryOut(fault: Fault, exchange: Exchange): Promise<void> {
    const { client, outgoing } = exchange;
    switch (fault.is) {
      case 'unsent':
        return void client.destroy();
      case 'half-sent':
        return halfSent(exchange, engineSocket, fault.part);
      case 'lost':
        await bytesOf(await exchange.ask());
        return void client.destroy();
      case 'cut': {
        const answer = await exchange.ask();
        const body = await bytesOf(answer);
        const head = headOf(answer, body.length);
        const sent =
          fault.in === 'head'
            ? head.subarray(0, upTo(fault.part, head.length))
            : [head, body.subarray(0, upTo(fault.part, body.length))];
        return void client.end(Buffer.concat([sent].flat()), () => client.destroy());
      }
      case 'broken-stream': {
        const answer = await exchange.ask();
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        outgoing.flushHeaders();
        let left = fault.after;
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          await new Promise((resolve) => outgoing.write(chunk.subarray(0, left), resolve));
          left -= chunk.length;
          if (left <= 0) break;
        }
        return void client.destroy();
      }
      case 'answer':
        if (fault.carriedOut === true) await bytesOf(await exchange.ask());
        outgoing.writeHead(fault.status, { 'Content-Type': 'application/json' });
        return void outgoing.end(JSON.stringify({ message: fault.message }));
      case 'silent':
        return undefined;
      case 'slow':
        await sleep(fault.ms);
        return exchange.pass(await exchange.ask());
      case 'away':
        client.destroy();
        return goAway(fault.ms);
    }
  }

  return {
    socket,
    requests,
    inject(which, fault) {
      const happened = Promise.withResolvers<void>();
      rules.push({
        ...which,
        left: which.nth ?? 1,
        act: (exchange) => carryOut(fault, exchange).finally(happened.resolve),
      });
      return happened.promise;
    },
    hold({ at, ...which }) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const held = (): Promise<void> => {
        reached.resolve();
        return released.promise;
      };
      rules.push({
        ...which,
        left: which.nth ?? 1,
        async act({ outgoing, ask, pass }) {
          if (at === 'request') await held();
          if (outgoing.destroyed) return; // given up meanwhile: the engine has never seen it
          const answer = await ask();
          if (at === 'answer') await held();
          pass(answer);
        },
      });
      return { reached: reached.promise, release: released.resolve };
    },
    async close() {
      await reopened;
      await server.close();
      if (folder === undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

async function halfSent({ incoming, client }: Exchange, engineSocket: string, part: number): Promise<void> {
  const body = await bytesOf(incoming);
  const { method, url: path, headers } = incoming;
  const onward = request({ socketPath: engineSocket, method, path, headers });
  onward.on('error', () => {}); // it is us who break it
  await new Promise((resolve) => onward.write(body.subarray(0, upTo(part, body.length)), resolve));
  onward.destroy();
  client.destroy();
}

async function bytesOf(message: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Never all of it. */
function upTo(part: number, length: number): number {
  return Math.max(0, Math.min(length - 1, Math.floor(part * length)));
}

/** With the length of what should follow, so that less is known to be less. */
function headOf({ statusCode = 500, headers }: IncomingMessage, length: number): Buffer {
  const { 'transfer-encoding': _, ...rest } = headers;
  const lines = Object.entries({ ...rest, 'content-length': length }).map(
    ([name, value]) => `${name}: ${String(value)}`,
  );
  return Buffer.from([`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`, ...lines, '', ''].join('\r\n'));
}
