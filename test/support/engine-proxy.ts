import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { listening } from './listening.ts';

/** What happens to one request. The bytes are those of its answer, status line and header included. */
export type ProxyRule =
  | { readonly cutAfter: number }
  | { readonly stallAfter: number }
  /** Sent in place of the engine's answer, which is not asked. */
  | { readonly answer: string };

export type Ruling = (request: string) => ProxyRule | undefined;

export interface EngineProxy {
  /** As in DOCKER_HOST. */
  readonly host: string;
  readonly port: number;
  /** `GET /v1.51/containers/json?all=true`, in order. */
  readonly requests: string[];
  /** All that clients have sent. */
  received(): string;
  /** How many bytes the last answer had. */
  answerLength(): number;
  /** Connections of clients that are open now. */
  open(): number;
  /** For requests from now on. */
  rule(ruling: Ruling): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** 127.0.0.1 in place of a unix socket, and TLS over it. */
  readonly tcp?: boolean;
  readonly tls?: TlsOptions;
}

/** Stands before an engine's socket, passes every byte on, writes down the requests, and breaks the answers as it is told. */
export async function startProxy(engineSocket: string, { tcp, tls }: ProxyOptions = {}): Promise<EngineProxy> {
  const requests: string[] = [];
  const received: Buffer[] = [];
  let ruling: Ruling = () => undefined;
  let answerLength = 0;

  const serve = (client: Socket): void => {
    const engine = connect(engineSocket);
    let rule: ProxyRule | undefined;
    client.on('error', () => {}).on('close', () => engine.destroy());
    engine.on('error', () => client.destroy()).on('end', () => client.end());
    client.on('drain', () => engine.resume());
    client.on('data', (chunk: Buffer) => {
      received.push(chunk);
      const lines = chunk.toString('latin1').matchAll(/^((?:GET|HEAD|POST|PUT|DELETE) \S+) HTTP\/1\.1\r$/gm);
      for (const [, request = ''] of lines) {
        requests.push(request);
        rule = ruling(request);
        answerLength = 0;
        if (rule !== undefined && 'answer' in rule) client.write(rule.answer);
      }
      if (rule === undefined || !('answer' in rule)) engine.write(chunk);
    });
    engine.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, allowance(rule) - answerLength);
      answerLength += chunk.length;
      if (!client.write(part)) engine.pause();
      if (rule !== undefined && 'cutAfter' in rule && answerLength >= rule.cutAfter) client.destroySoon();
    });
  };

  const dir = await mkdtemp(join(tmpdir(), 'offshoot-proxy-'));
  const socket = join(dir, 'docker.sock');
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  const place = tcp || tls ? { host: '127.0.0.1', port: 0 } : { path: socket };
  const { port, open, close } = await listening(server, place);

  return {
    host: tcp || tls ? `tcp://127.0.0.1:${port}` : `unix://${socket}`,
    port,
    requests,
    received: () => Buffer.concat(received).toString(),
    answerLength: () => answerLength,
    open,
    rule: (next) => void (ruling = next),
    async close() {
      await close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function allowance(rule: ProxyRule | undefined): number {
  if (rule === undefined || 'answer' in rule) return Infinity;
  return 'cutAfter' in rule ? rule.cutAfter : rule.stallAfter;
}

/** An answer of HTTP, whole. */
export function httpAnswer(status: number, type: string, body: string): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status} Whatever\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
