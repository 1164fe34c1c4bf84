import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening } from './listening.ts';
import { type Login, loginOf } from './registry-login.ts';
import { type Blob, digestOf, imageOf, type ImageShape, indexManifest, type Part } from './registry-image.ts';

/** How a registry can fail, at the requests for one part of an image. */
export type RegistryFault = {
  readonly at: 'manifest' | Part;
  /** Only the first so many requests meet it. */
  readonly times?: number;
} & (
  | {
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /**
   * `cut`: half of the bytes, then the connection ends. `reset`: it ends before a byte. `alter`: as many bytes, but
   * others. `stall`: half, then nothing. `silence`: nothing at all. `trickle`: half, then a few bytes at a time.
   */
  | { readonly does: Mischief }
);
type Mischief = 'cut' | 'reset' | 'alter' | 'stall' | 'silence' | 'trickle';

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface Registry {
  /** For `engine.forward(port, socket)`. */
  readonly socket: string;
  /** `GET /v2/name/manifests/tag`, in order. */
  readonly requests: string[];
  readonly seen: SeenRequest[];
  /** From now on, for the images of that name. */
  fail(name: string, fault: RegistryFault): void;
  /** Puts an image there that is no other's; the digest of its manifest. */
  push(name: string, tag: string, shape?: ImageShape): string;
  /** Puts an index there, with an image for each of those platforms; its digest. */
  pushIndex(name: string, tag: string, platforms: readonly string[]): string;
  close(): Promise<void>;
}

/**
 * A registry of container images (the HTTP API, version 2) on a unix socket, which fails as it is told. With a login it
 * answers nobody else.
 */
export async function startRegistry({ login }: { readonly login?: Login } = {}): Promise<Registry> {
  const dir = await mkdtemp(join(tmpdir(), 'offshoot-registry-'));
  const socket = join(dir, 'registry.sock');
  const blobs = new Map<string, Blob>();
  const manifests = new Map<string, Blob>();
  const faults = new Map<string, { readonly fault: RegistryFault; left: number }>();
  const requests: string[] = [];
  const seen: SeenRequest[] = [];
  const gate = login && loginOf(login);

  const put = (name: string, tag: string, manifest: Blob): string => {
    const digest = digestOf(manifest.bytes);
    for (const reference of [tag, digest]) manifests.set(`${name}/${reference}`, manifest);
    return digest;
  };
  const build = (shape: ImageShape): Blob => {
    const { manifest, parts } = imageOf(shape);
    for (const part of parts) blobs.set(digestOf(part.bytes), part);
    return manifest;
  };
  const faultOf = (name: string, part: string): RegistryFault | undefined => {
    const entry = faults.get(name);
    if (entry === undefined || entry.fault.at !== part || entry.left === 0) return undefined;
    entry.left -= 1;
    return entry.fault;
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request;
    requests.push(`${method} ${url}`);
    seen.push({ method, url, authorization: headers.authorization });
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    if (gate?.(request, response) === 'answered') return;
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifest|blob)s\/([^/?]+)/.exec(url) ?? [];
    if (kind === undefined) return void response.end('{}'); // /v2/: is it a registry?
    const found = kind === 'manifest' ? manifests.get(`${name}/${reference}`) : blobs.get(reference);
    if (found === undefined) return refuse(response, 404, `${kind.toUpperCase()}_UNKNOWN`, `${kind} unknown`);
    const fault = faultOf(name, found.part ?? 'manifest');
    if (fault === undefined) return send(response, method, found);
    if ('status' in fault) refuse(response, fault.status, fault.code, fault.message, fault.headers);
    else send(response, method, found, fault.does);
  };
  const { close } = await listening(createServer(answer), { path: socket });

  return {
    socket,
    requests,
    seen,
    fail: (name, fault) => void faults.set(name, { fault, left: fault.times ?? Infinity }),
    push: (name, tag, shape = {}) => put(name, tag, build(shape)),
    pushIndex(name, tag, platforms) {
      const entries = platforms.map((platform) => ({ platform, manifest: build({ platform }) }));
      for (const { manifest } of entries) manifests.set(`${name}/${digestOf(manifest.bytes)}`, manifest);
      return put(name, tag, indexManifest(entries));
    },
    async close() {
      await close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

function send(response: ServerResponse, method: string, { type, bytes }: Blob, does?: Mischief): void {
  if (does === 'silence') return;
  if (does === 'reset') return void response.destroy();
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Docker-Content-Digest': digestOf(bytes),
  });
  if (method === 'HEAD' || does === undefined) return void response.end(method === 'HEAD' ? undefined : bytes);
  if (does === 'alter') return void response.end(Buffer.from(bytes.map((byte) => byte ^ 1)));
  const half = Math.floor(bytes.length / 2);
  response.write(bytes.subarray(0, half), () => {
    if (does === 'cut') response.destroy();
    if (does === 'trickle') trickle(response, bytes.subarray(half));
  });
}

/** A link so slow that it would take a day, and never still. */
function trickle(response: ServerResponse, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => response.write(bytes.subarray(at, (at += 64))), 200);
  response.on('close', () => clearInterval(timer));
}
