/** It comes without types; this is what we use of it. */
declare module 'tar-fs' {
  import type { Readable } from 'node:stream';

  interface Header {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    readonly mtime: Date;
  }

  interface PackOptions {
    readonly ignore?: (path: string) => boolean;
    readonly map?: (header: Header) => Header;
  }

  export function pack(folder: string, options?: PackOptions): Readable;
}
