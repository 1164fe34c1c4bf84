import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** What a manifest lists. */
export type Part = 'config' | 'layer';

/** Bytes as a registry serves them. */
export interface Blob {
  readonly type: string;
  readonly part?: Part;
  readonly bytes: Buffer;
}

const docker = 'application/vnd.docker';
const manifestType = `${docker}.distribution.manifest.v2+json`;

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** What an image is made of, where it matters. */
export interface ImageShape {
  /** Default: one of 256 KiB, so many that a transfer has a middle. */
  readonly layers?: readonly number[];
  /** Default: that of this machine. */
  readonly platform?: string;
}

const ownArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;
export const ownPlatform = `linux/${ownArchitecture}`;

/** Each layer has one file of so many random bytes. */
export function imageOf({ layers: sizes = [256 * 1024], platform = ownPlatform }: ImageShape): {
  manifest: Blob;
  parts: Blob[];
} {
  const tars = sizes.map((size, index) => tarOf(index === 0 ? 'marker' : `marker-${index}`, randomBytes(size)));
  const layers = tars.map((tar): Blob => ({
    part: 'layer',
    type: `${docker}.image.rootfs.diff.tar.gzip`,
    bytes: gzipSync(tar),
  }));
  const config = json(`${docker}.container.image.v1+json`, {
    ...platformOf(platform),
    config: { Cmd: ['/marker'] },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
  });
  const manifest = json(manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { manifest, parts: [{ ...config, part: 'config' }, ...layers] };
}

/** An index with an image for each platform. */
export function indexManifest(entries: readonly { readonly platform: string; readonly manifest: Blob }[]): Blob {
  const type = `${docker}.distribution.manifest.list.v2+json`;
  const manifests = entries.map(({ platform, manifest }) => ({
    ...descriptor(manifest),
    platform: platformOf(platform),
  }));
  return json(type, { schemaVersion: 2, mediaType: type, manifests });
}

function platformOf(platform: string): { os: string; architecture: string; variant?: string } {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

function descriptor({ type, bytes }: Blob): object {
  return { mediaType: type, size: bytes.length, digest: digestOf(bytes) };
}

function json(type: string, value: object): Blob {
  return { type, bytes: Buffer.from(JSON.stringify(value)) };
}

/** One file: a header of 512 bytes, whose checksum counts itself as blanks, then the data, then two empty blocks. */
function tarOf(name: string, data: Buffer): Buffer {
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  const header = Buffer.alloc(512);
  const fields: [offset: number, text: string][] = [
    [0, name],
    [100, octal(0o644, 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(data.length, 12)],
    [136, octal(0, 12)],
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\x0000'],
  ];
  for (const [offset, text] of fields) header.write(text, offset, 'latin1');
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte),
      7,
    ),
    148,
    'latin1',
  );
  return Buffer.concat([header, data, Buffer.alloc(512 - (data.length % 512)), Buffer.alloc(1024)]);
}
