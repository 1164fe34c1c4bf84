/** It comes without types; this is what we use of it. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  export interface TarHeader {
    name: string;
    mode?: number;
    uid?: number;
    gid?: number;
    size?: number;
    mtime?: Date;
    type?: string;
    linkname?: string | null;
  }

  export interface Pack extends Readable {
    entry(header: TarHeader, data: Buffer): void;
    finalize(): void;
  }

  export interface Extract extends Writable {
    on(event: 'entry', listener: (header: TarHeader, content: Readable, next: () => void) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'finish', listener: () => void): this;
  }

  export function pack(): Pack;
  export function extract(): Extract;
}
