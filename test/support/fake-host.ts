import type { HostView } from '../../src/host/host-view.ts';

export interface FakeHost {
  readonly uid?: number;
  /** Contents by paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** What paths are links to; a path that is none of these and no file is not there. */
  readonly links?: Readonly<Record<string, string>>;
  readonly sockets?: readonly string[];
  readonly programs?: readonly string[];
  readonly writable?: readonly string[];
}

/** A machine that is not there; what is written to it can be read. */
export function fakeHost({
  uid = 0,
  files = {},
  links = {},
  sockets = [],
  programs = [],
  writable = [],
}: FakeHost): HostView {
  const kept: Record<string, string> = { '/proc/self/uid_map': '         0          0 4294967295\n', ...files };
  return {
    uid,
    read: (path) => kept[path],
    realpath: (path) => links[path] ?? (path in kept ? path : undefined),
    isSocket: (path) => sockets.includes(path),
    isProgram: (path) => programs.includes(path),
    mayWrite: (path) => writable.includes(path),
    write(path, text) {
      kept[path] = text;
    },
  };
}
