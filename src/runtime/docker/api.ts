import type { IncomingMessage } from 'node:http';
import { EngineUnavailableError, OffshootError, TimeoutError } from '../../errors.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { dockerAt, type TransportOptions } from './transport.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Without the version. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /**
   * For the whole answer, or for a stream to begin; default 30 s, `Infinity` where something must happen first.
   */
  readonly timeoutMs?: number;
}

/** An answer of the engine, whatever its status. One of its methods must be called: the connection waits for it. */
export interface ApiResponse {
  readonly status: number;
  /** `GET /_ping`: what it answers. */
  readonly call: string;
  /** By its lower-case name. */
  header(name: string): string | undefined;
  /** As it arrives, for as long as it takes. */
  stream(): AsyncIterable<Uint8Array>;
  json(): Promise<unknown>;
  text(): Promise<string>;
  /** The `message` of an error's body, or its text. */
  message(): Promise<string>;
  /** Reads to the end of what nobody wants to know. */
  discard(): Promise<void>;
}

export type Api = (request: ApiRequest) => Promise<ApiResponse>;

const defaultTimeoutMs = 30_000;
/** More than an engine with ten thousand containers has to say of them. */
const answerLimit = 64 * 1024 * 1024;
/** A proxy's page is no message. */
const messageLimit = 300;

/**
 * Requests over dockerode's transport. Its own methods put a create request into the URL too, drop the warnings, and
 * never settle when an answer breaks off in its middle; read as a stream, every answer ends or fails.
 */
export function createApi(endpoint: Endpoint, options: TransportOptions = {}): Api {
  const { modem } = dockerAt(endpoint, options);
  const where = formatEndpoint(endpoint);

  return async ({ method, path, query, body, headers, signal, timeoutMs = defaultTimeoutMs }) => {
    signal.throwIfAborted();
    const what = `${method} ${path}`;
    const limit = timeLimit(timeoutMs);
    const ended = AbortSignal.any([signal, limit.signal]);
    const translated = (error: unknown): unknown => {
      if (signal.aborted) return signal.reason;
      if (error instanceof OffshootError) return error;
      if (limit.signal.aborted)
        return new TimeoutError(`the engine at ${where} did not answer ${what} within ${timeoutMs / 1000} s`);
      const message = error instanceof Error ? error.message : String(error);
      const reason = message.startsWith('Max redirects') ? 'it answers with a redirect' : message;
      return new EngineUnavailableError(`the connection to the engine at ${where} broke at ${what}: ${reason}`, {
        cause: error,
      });
    };
    try {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        modem.dial(
          {
            path: query === undefined ? path : `${path}?`,
            method,
            headers,
            options: { _query: query ?? {}, _body: body ?? {} },
            abortSignal: ended,
            isStream: true,
            statusCodes: everyStatus,
          },
          (error: unknown, response: unknown) =>
            error === null || error === undefined ? resolve(response as IncomingMessage) : reject(error),
        );
      });
      const response = responseOf(message, { what, limit, ended, translated });
      if (!isFromBefore(response)) return response;
      throw new EngineUnavailableError(
        `what stands before the engine at ${where} answers ${response.status} to ${what}: ${await response.message()}`,
      );
    } catch (error) {
      limit.stop();
      throw translated(error);
    }
  };
}

/** No engine says these: a proxy cannot reach it, or has lost patience. The engine may do it all the same. */
function isFromBefore({ status }: ApiResponse): boolean {
  return status >= 502 && status <= 504;
}

interface TimeLimit {
  readonly signal: AbortSignal;
  stop(): void;
}

function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  const timer = ms === Infinity ? undefined : setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** The transport hands every answer on; what a status means is decided where the call is made. */
const everyStatus = new Proxy({}, { get: () => true });

interface Request {
  readonly what: string;
  readonly limit: TimeLimit;
  /** By the caller or by the limit. */
  readonly ended: AbortSignal;
  readonly translated: (error: unknown) => unknown;
}

function responseOf(message: IncomingMessage, { what, limit, ended, translated }: Request): ApiResponse {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of message as AsyncIterable<Uint8Array>) yield chunk;
      // An answer without a length ends where its connection does, for Node also when it is us who ended that.
      ended.throwIfAborted();
    } catch (error) {
      throw translated(error);
    }
  }
  async function text(): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of chunks()) {
        length += chunk.length;
        if (length > answerLimit) throw translated(new Error(`its answer is longer than ${answerLimit} bytes`));
        parts.push(chunk);
      }
    } finally {
      limit.stop();
    }
    return Buffer.concat(parts).toString();
  }
  return {
    status: message.statusCode ?? 0,
    call: what,
    header: (name) => message.headers[name]?.toString(),
    stream() {
      limit.stop();
      return chunks();
    },
    async json() {
      const answer = await text();
      try {
        return JSON.parse(answer) as unknown;
      } catch {
        // The parser's own message quotes the answer, in which values of variables are.
        throw translated(new SyntaxError('its answer is not valid JSON'));
      }
    },
    text,
    message: async () => messageIn(await text()),
    discard: async () => void (await text()),
  };
}

function messageIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // A proxy's answer is often plain text.
  }
  return withoutTags(text).trim().replaceAll(/\s+/g, ' ').slice(0, messageLimit).trim();
}

/** Of a page for browsers only what these show. */
function withoutTags(text: string): string {
  if (!/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return text;
  return text.replaceAll(/<(style|script|title)\b.*?<\/\1>/gis, ' ').replaceAll(/<[^>]*>/g, ' ');
}
