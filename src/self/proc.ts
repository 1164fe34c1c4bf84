/**
 * Parsers of what the kernel says about us: pure functions over the text of files in /proc. Facts and samples behind
 * them: docs/self-identification.md.
 */

/** One line of /proc/self/mountinfo, as far as we read it. */
export interface Mount {
  /** The part of the source file system that is mounted: a path inside of that, not of the host. */
  readonly root: string;
  /** Where it is mounted, as we see it. */
  readonly target: string;
  readonly fileSystem: string;
  /** Options of the file system itself, such as overlay's `upperdir=`. */
  readonly superOptions: string;
}

/** Lines can be longer than any buffer, and carry any number of optional fields before the ` - `. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [place = '', source = ''] = line.split(' - ', 2);
    const [, , , root, target] = place.split(' ');
    const [fileSystem = '', , superOptions = ''] = source.split(' ');
    if (root === undefined || target === undefined) return [];
    return [{ root: unescape(root), target: unescape(target), fileSystem, superOptions: unescape(superOptions) }];
  });
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Files that engines make for each container and mount from a folder that bears its id. */
const anchorTargets = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf', '/run/.containerenv', '/run/secrets'];
const anchorRoot =
  /(?:^|\/)(?:([^/]+)\/)?([0-9a-f]{64})\/(?:userdata\/)?(?:hostname|hosts|resolv\.conf|\.containerenv|run\/secrets)$/;

/**
 * Ids of containers in whose folders our engine-made files lie, with the file as evidence. They are ours, or those of
 * the container whose network we share, or of any container whose file somebody mounted there.
 */
export function idsInMountinfo(mounts: readonly Mount[]): { id: string; target: string }[] {
  return mounts.flatMap(({ root, target }) => {
    const [, parent, id] = anchorTargets.includes(target) ? (anchorRoot.exec(root) ?? []) : [];
    return id === undefined || parent === 'sandboxes' ? [] : [{ id, target }];
  });
}

/** The writable layer of our root file system, where that is an overlay: its path as the engine's host has it. */
export function upperDirOf(mounts: readonly Mount[]): string | undefined {
  // The last mount over a place is the one that is seen.
  const root = mounts.findLast(({ target }) => target === '/');
  if (root?.fileSystem !== 'overlay') return undefined;
  return root.superOptions
    .split(',')
    .find((option) => option.startsWith('upperdir='))
    ?.slice('upperdir='.length);
}

/** Anything that stands before the id in the name of a cgroup, and what may stand behind it. */
const cgroupName = /^(?:.*[-:])?([0-9a-f]{64})(?:\.scope)?$/;

/**
 * The 64-digit ids in the paths of /proc/self/cgroup (or of a mounted cgroup file system), innermost first. Only the
 * innermost one of a path can be our own: those before it are of containers around us, or of a parent that was chosen.
 */
export function idsInCgroup(text: string): { id: string; innermost: boolean }[] {
  const found = new Map<string, boolean>();
  for (const line of text.split('\n')) {
    const path = line.startsWith('/') ? line : line.split(':').slice(2).join(':');
    const ids = path
      .split('/')
      .flatMap((segment) => cgroupName.exec(segment)?.[1] ?? [])
      .toReversed();
    for (const [index, id] of ids.entries()) found.set(id, (found.get(id) ?? false) || index === 0);
  }
  return [...found].map(([id, innermost]) => ({ id, innermost }));
}

/** The `id="…"` that Podman writes into /run/.containerenv of privileged containers. */
export function idInContainerenv(text: string): string | undefined {
  return /^id="([0-9a-f]{64})"$/m.exec(text)?.[1];
}

/** A host name that can be the beginning of an id: what an engine gives to a container whose name nobody chose. */
export function idInHostname(text: string): string | undefined {
  return /^[0-9a-f]{12}(?:[0-9a-f]{52})?$/.exec(text.trim())?.[0];
}
