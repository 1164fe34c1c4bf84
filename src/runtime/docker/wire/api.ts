import type { IncomingMessage } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import { EngineUnavailableError, InternalError, OffshootError, TimeoutError } from '../../../errors.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { type Hijacked, hijacked } from './hijack.ts';
import { dockerAt, type TransportOptions } from './transport.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Without the version. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A tar stream, in place of a body. */
  readonly tar?: AsyncIterable<Uint8Array> | Uint8Array | undefined;
  /** Makes the connection the input and output of a process: `hijack` of the answer. */
  readonly upgrade?: boolean;
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
  /** `undefined` where the engine has not done what `upgrade` asks for. */
  readonly hijack: (() => Hijacked) | undefined;
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
export function createApi(endpoint: Endpoint, options: ApiOptions = {}): Api {
  const { closed } = options;
  const { modem } = dockerAt(endpoint, options);
  const where = formatEndpoint(endpoint);

  return async ({ method, path, query, body, headers, tar, upgrade, signal, timeoutMs = defaultTimeoutMs }) => {
    signal.throwIfAborted();
    if (closed?.aborted) throw closedError();
    const what = `${method} ${path}`;
    const limit = timeLimit(timeoutMs);
    const ended = AbortSignal.any([signal, limit.signal, ...(closed === undefined ? [] : [closed])]);
    const translated = (error: unknown): unknown => {
      if (signal.aborted) return signal.reason;
      if (error instanceof OffshootError) return error;
      if (closed?.aborted) return closedError();
      if (limit.signal.aborted)
        return new TimeoutError(`the engine at ${where} did not answer ${what} within ${timeoutMs / 1000} s`);
      const message = error instanceof Error ? error.message : String(error);
      const reason = message.startsWith('Max redirects') ? 'it answers with a redirect' : message;
      return new EngineUnavailableError(`the connection to the engine at ${where} broke at ${what}: ${reason}`, {
        cause: error,
      });
    };
    const upload = tar === undefined ? undefined : uploadOf(tar);
    try {
      const message = await new Promise<IncomingMessage | Duplex>((resolve, reject) => {
        modem.dial(
          {
            path: Object.keys(query ?? {}).length === 0 ? path : `${path}?`,
            method,
            headers,
            options: { _query: query ?? {}, _body: body ?? {} },
            abortSignal: ended,
            isStream: true,
            ...(upload !== undefined && { file: upload }),
            ...(upgrade === true && { hijack: true }),
            statusCodes: everyStatus,
          },
          (error: unknown, response: unknown) =>
            error === null || error === undefined ? resolve(response as IncomingMessage | Duplex) : reject(error),
        );
      });
      if (message instanceof Duplex) {
        limit.stop();
        return upgradedTo(message, what, hijacked(message, ended, translated));
      }
      // It may refuse before it has taken all.
      if (upload !== undefined && !upload.readableEnded) message.once('end', () => message.socket.destroy());
      const response = responseOf(message, { what, limit, ended, translated });
      if (!isFromBefore(response)) return response;
      throw new EngineUnavailableError(
        `what stands before the engine at ${where} answers ${response.status} to ${what}: ${await response.message()}`,
      );
    } catch (error) {
      limit.stop();
      throw translated(error);
    } finally {
      upload?.destroy();
    }
  };
}

/** No engine says these: a proxy cannot reach it, or has lost patience. The engine may do it all the same. */
function isFromBefore({ status }: ApiResponse): boolean {
  return status >= 502 && status <= 504;
}

export interface ApiOptions extends TransportOptions {
  /** Aborted, it ends all that is under way, and nothing is asked any more. */
  readonly closed?: AbortSignal | undefined;
}

function closedError(): EngineUnavailableError {
  return new EngineUnavailableError('this runtime has been closed');
}

/** What fails in its source fails the request. */
function uploadOf(tar: AsyncIterable<Uint8Array> | Uint8Array): Readable {
  return Readable.from(tar instanceof Uint8Array ? [tar] : tar, { objectMode: false });
}

interface TimeLimit {
  readonly signal: AbortSignal;
  stop(): void;
}

function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  // An answer that has come while this process had no time to read it is read first.
  const timer = ms === Infinity ? undefined : setTimeout(() => setImmediate(() => controller.abort()), ms);
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
    hijack: undefined,
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

async function none(): Promise<never> {
  throw new InternalError('the connection has become a stream');
}

function upgradedTo(socket: Duplex, call: string, connection: Hijacked): ApiResponse {
  return {
    status: 101,
    call,
    hijack: () => connection,
    header: () => undefined,
    stream: () => connection.output,
    json: none,
    text: none,
    message: none,
    discard: async () => void socket.destroy(),
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
