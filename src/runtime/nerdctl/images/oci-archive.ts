import { createHash } from 'node:crypto';
import { pack } from 'tar-stream';

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

interface Parts {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly config: { readonly mediaType: string } };
  readonly config: unknown;
  /** In full; without it the image is known by its digest alone. */
  readonly name: string | undefined;
}

/** An image whose layers are there already: its config, its manifest, and what leads to them. */
export function archiveOf({ manifest, config, name }: Parts): { tar: AsyncIterable<Uint8Array>; digest: string } {
  const configBlob = blobOf(config);
  const mediaType = typeof manifest['mediaType'] === 'string' ? manifest['mediaType'] : ociManifest;
  const { digest, size, data } = blobOf({
    ...manifest,
    config: { mediaType: manifest.config.mediaType, digest: configBlob.digest, size: configBlob.size },
  });
  const annotations = name === undefined ? {} : { annotations: { 'io.containerd.image.name': name } };
  const index = { schemaVersion: 2, manifests: [{ mediaType, digest, size, ...annotations }] };
  const tar = pack();
  tar.entry({ name: 'oci-layout' }, Buffer.from(JSON.stringify({ imageLayoutVersion: '1.0.0' })));
  tar.entry({ name: 'index.json' }, Buffer.from(JSON.stringify(index)));
  tar.entry({ name: pathOf(configBlob.digest) }, configBlob.data);
  tar.entry({ name: pathOf(digest) }, data);
  tar.finalize();
  return { tar, digest };
}

function blobOf(value: unknown): { data: Buffer; digest: string; size: number } {
  const data = Buffer.from(JSON.stringify(value));
  return { data, digest: `sha256:${createHash('sha256').update(data).digest('hex')}`, size: data.length };
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
