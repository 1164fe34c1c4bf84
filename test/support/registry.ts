import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening } from './listening.ts';
import { type Blob, digestOf, imageManifest, indexManifest, type Part } from './registry-image.ts';

/** How a registry can fail, at the requests for one part of an image. */
export type RegistryFault =
  | {
      readonly at: 'manifest' | Part;
      readonly status: number;
      readonly code: string;
      readonly message: string;
    }
  /** `cut`: half of the bytes, then the connection ends. `alter`: as many bytes, but others. `stall`: half, then nothing. */
  | { readonly at: Part; readonly does: 'cut' | 'alter' | 'stall' };

export interface Registry {
  /** For `engine.forward(port, socket)`. */
  readonly socket: string;
  /** `GET /v2/name/manifests/tag`, in order. */
  readonly requests: string[];
  /** From now on, for the images of that name. */
  fail(name: string, fault: RegistryFault): void;
  /** Puts an image there that is no other's; the digest of its manifest. */
  push(name: string, tag: string): string;
  /** Puts an index there that has nothing for the platforms that engines run on. */
  pushForeign(name: string, tag: string): void;
  close(): Promise<void>;
}

/** A registry of container images (the HTTP API, version 2) on a unix socket, which fails as it is told. */
export async function startRegistry(): Promise<Registry> {
  const dir = await mkdtemp(join(tmpdir(), 'offshoot-registry-'));
  const socket = join(dir, 'registry.sock');
  const blobs = new Map<string, Blob>();
  const manifests = new Map<string, Blob>();
  const faults = new Map<string, RegistryFault>();
  const requests: string[] = [];

  const put = (name: string, tag: string, manifest: Blob): string => {
    const digest = digestOf(manifest.bytes);
    for (const reference of [tag, digest]) manifests.set(`${name}/${reference}`, manifest);
    return digest;
  };
  const answer = ({ method = '', url = '' }: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${method} ${url}`);
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifest|blob)s\/([^/]+)$/.exec(url) ?? [];
    if (kind === undefined) return void response.end('{}'); // /v2/: is it a registry?
    const found = kind === 'manifest' ? manifests.get(`${name}/${reference}`) : blobs.get(reference);
    if (found === undefined) return refuse(response, 404, `${kind.toUpperCase()}_UNKNOWN`, `${kind} unknown`);
    const fault = faults.get(name);
    if (fault === undefined || fault.at !== (found.part ?? 'manifest')) return send(response, method, found);
    if ('status' in fault) refuse(response, fault.status, fault.code, fault.message);
    else send(response, method, found, fault.does);
  };
  const server = createServer(answer);
  const { close } = await listening(server, { path: socket });

  return {
    socket,
    requests,
    fail: (name, fault) => void faults.set(name, fault),
    push(name, tag) {
      const { manifest, parts } = imageManifest();
      for (const part of parts) blobs.set(digestOf(part.bytes), part);
      return put(name, tag, manifest);
    },
    pushForeign: (name, tag) => void put(name, tag, indexManifest(imageManifest().manifest, 's390x')),
    async close() {
      await close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

function send(response: ServerResponse, method: string, { type, bytes }: Blob, does?: 'cut' | 'alter' | 'stall'): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Docker-Content-Digest': digestOf(bytes),
  });
  if (method === 'HEAD' || does === undefined) return void response.end(method === 'HEAD' ? undefined : bytes);
  if (does === 'alter') return void response.end(Buffer.from(bytes.map((byte) => byte ^ 1)));
  response.write(bytes.subarray(0, bytes.length / 2), () => {
    if (does === 'cut') response.destroy();
  });
}
