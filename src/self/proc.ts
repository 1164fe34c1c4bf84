/**
 * Parsers of what the kernel says about us: pure functions over the text of files in /proc. What they must read is in
 * test/fixtures/self.
 */

/** One line of /proc/self/mountinfo, as far as we read it. */
export interface Mount {
  /** The part of the source file system that is mounted: a path inside of that, not of the host. */
  readonly root: string;
  /** Where it is mounted, as we see it. */
  readonly target: string;
  readonly fileSystem: string;
  /** Options of the file system itself, such as overlay's `upperdir=`; still escaped, as a comma parts them. */
  readonly superOptions: string;
}

/** Lines can be longer than any buffer, and carry any number of optional fields before the ` - `. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [place = '', source = ''] = line.split(' - ', 2);
    const [, , , root, target] = place.split(' ');
    const [fileSystem = '', , superOptions = ''] = source.split(' ');
    if (!root || !target?.startsWith('/')) return [];
    return [{ root: unescape(root), target: unescape(target), fileSystem, superOptions }];
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
  const option = root.superOptions.split(',').find((text) => text.startsWith('upperdir='));
  return option === undefined ? undefined : unescape(option.slice('upperdir='.length));
}

/**
 * The name of a writable layer: that part of its path which no other layer on earth shares. What stands before it can
 * differ between the engine's words and ours (a relative path, a folder mounted elsewhere). Engines that number their
 * layers have none: an engine and one nested in it have the same numbers.
 */
export function layerIn(upperDir: string | undefined): string | undefined {
  return /(?:^|\/)([0-9a-f]{64})\/diff$/.exec(upperDir ?? '')?.[1];
}

/**
 * The 64-digit ids in the paths of /proc/self/cgroup (or of a mounted cgroup file system), innermost first. Only the
 * innermost one of a path can be our own: those before it are of containers around us, or of a parent that was chosen.
 */
export function idsInCgroup(text: string): { id: string; innermost: boolean }[] {
  const paths = cgroupPathsIn(text).map((path) => path.flatMap((segment) => idInSegment(segment) ?? []));
  const around = new Set(paths.flatMap((ids) => ids.slice(0, -1)));
  return [...new Set(paths.flatMap((ids) => ids.toReversed()))]
    .map((id) => ({ id, innermost: !around.has(id) }))
    .toSorted((left, right) => Number(right.innermost) - Number(left.innermost));
}

/**
 * The container whose control group is ours: the only one that is innermost, and nothing is below it. Hierarchies that
 * end with one around it are those which its engine does not use.
 */
export function idOfOwnCgroup(text: string): string | undefined {
  const [own, ...more] = idsInCgroup(text).flatMap(({ id, innermost }) => (innermost ? [id] : []));
  if (own === undefined || more.length > 0) return undefined;
  const isBelow = cgroupPathsIn(text).some((path) => {
    const at = path.findIndex((segment) => idInSegment(segment) === own);
    // Podman puts the processes into a group of this name.
    return at >= 0 && path.slice(at + 1).some((segment) => segment !== 'container');
  });
  return isBelow ? undefined : own;
}

/** Each path as its segments, outermost first. */
function cgroupPathsIn(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => (line.startsWith('/') ? line : line.split(':').slice(2).join(':')))
    .map((path) => path.split('/').filter(Boolean));
}

/** Engines put anything before the id, and systemd its kind of unit behind it. */
function idInSegment(segment: string): string | undefined {
  return /^(?:.*[-:])?([0-9a-f]{64})(?:\.scope)?$/.exec(segment)?.[1];
}

/** The `id="…"` that Podman writes into /run/.containerenv of privileged containers. */
export function idInContainerenv(text: string): string | undefined {
  return /^id="([0-9a-f]{64})"$/m.exec(text)?.[1];
}

/** A host name that can be the beginning of an id: what an engine gives to a container whose name nobody chose. */
export function idInHostname(text: string): string | undefined {
  return /^[0-9a-f]{12}(?:[0-9a-f]{52})?$/.exec(text.trim())?.[0];
}
