import type { IncomingMessage } from 'node:http';
import Docker from 'dockerode';
import { EngineUnavailableError, OffshootError, TimeoutError } from '../../errors.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Without the version. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** For the answer to begin, and again for a JSON body to end; default 30 s, `Infinity` where something must happen first. */
  readonly timeoutMs?: number;
}

/** An answer of the engine, whatever its status; the body is read by one of the three below. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  json(): Promise<unknown>;
  /** The `message` of an error's body. */
  message(): Promise<string>;
}

export type Api = (request: ApiRequest) => Promise<ApiResponse>;

export interface TlsFiles {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

const defaultTimeoutMs = 30_000;

/**
 * Requests over dockerode's transport. Its own methods put a create request into the URL too, drop the warnings, and
 * never settle when an answer breaks off in its middle; read as a stream, every answer ends or fails.
 */
export function createApi(endpoint: Endpoint, { tls, version }: { tls?: TlsFiles; version?: string } = {}): Api {
  const { modem } = new Docker({
    ...(endpoint.kind === 'unix'
      ? { socketPath: endpoint.path, host: undefined }
      : { host: endpoint.host, port: endpoint.port, socketPath: undefined }),
    // All of these are given, so that dockerode takes none of them from the environment.
    protocol: endpoint.kind === 'tcp' && endpoint.tls !== undefined ? 'https' : 'http',
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    version: version === undefined ? undefined : `v${version}`,
    pathPrefix: '/',
  } as Docker.DockerOptions & { pathPrefix: string });

  return async ({ method, path, query, body, signal, timeoutMs = defaultTimeoutMs }) => {
    signal.throwIfAborted();
    const what = `${method} ${path}`;
    const limit = timeLimit(timeoutMs);
    const bothSignals = AbortSignal.any([signal, limit.signal]);
    const translated = (error: unknown): unknown => {
      if (signal.aborted) return signal.reason;
      if (!limit.signal.aborted) return broken(error, what, endpoint);
      return new TimeoutError(
        `the engine at ${formatEndpoint(endpoint)} did not answer ${what} within ${timeoutMs / 1000} s`,
      );
    };
    try {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        modem.dial(
          {
            path: `${path}?`,
            method,
            options: { _query: query ?? {}, _body: body ?? {} },
            abortSignal: bothSignals,
            isStream: true,
            statusCodes: everyStatus,
          },
          (error: unknown, response: unknown) =>
            error === null || error === undefined ? resolve(response as IncomingMessage) : reject(error),
        );
      });
      limit.stop();
      return responseOf(message, limit, translated);
    } catch (error) {
      limit.stop();
      throw translated(error);
    }
  };
}

interface TimeLimit {
  readonly signal: AbortSignal;
  /** Counts from now on. */
  start(): void;
  stop(): void;
}

function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    if (ms !== Infinity) timer = setTimeout(() => controller.abort(), ms);
  };
  start();
  return { signal: controller.signal, start, stop: () => clearTimeout(timer) };
}

/** The transport hands every answer on; what a status means is decided where the call is made. */
const everyStatus = new Proxy({}, { get: () => true });

function responseOf(message: IncomingMessage, limit: TimeLimit, translated: (error: unknown) => unknown): ApiResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of message as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      throw translated(error);
    }
  }
  async function text(): Promise<string> {
    limit.start();
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body()) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    } finally {
      limit.stop();
    }
  }
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    body: body(),
    json: async () => JSON.parse(await text()),
    message: async () => messageIn(await text()),
  };
}

function messageIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // A proxy's answer is often plain text.
  }
  return text.trim();
}

function broken(error: unknown, what: string, endpoint: Endpoint): unknown {
  if (error instanceof OffshootError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineUnavailableError(
    `the connection to the engine at ${formatEndpoint(endpoint)} broke at ${what}: ${reason}`,
    {
      cause: error,
    },
  );
}
