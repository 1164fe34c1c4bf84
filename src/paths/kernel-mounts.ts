import { type Mount, parseMountinfo } from '../self/proc.ts';

/** One line of /proc/self/mountinfo, with what tells how mounts lie on each other. */
export interface KernelMount extends Mount {
  readonly id: number;
  /** Id of the mount that it lies on; of one that we do not see for the root. */
  readonly parent: number;
  readonly readOnly: boolean;
  /** Mounts made here appear in its peers, and theirs here. */
  readonly isShared: boolean;
  /** Mounts of its master appear here. */
  readonly isSlave: boolean;
  /** What is mounted, as far as the file system names it: a device, `host:/export`, or any word. */
  readonly device: string;
}

export function parseKernelMounts(text: string): KernelMount[] {
  return text.split('\n').flatMap((line) =>
    parseMountinfo(line).map((mount) => {
      const [place = '', source = ''] = line.split(' - ', 2);
      const [id, parent, , , , options = '', ...tags] = place.split(' ');
      return {
        ...mount,
        id: Number(id),
        parent: Number(parent),
        readOnly: options.split(',').includes('ro'),
        isShared: tags.some((tag) => tag.startsWith('shared:')),
        isSlave: tags.some((tag) => tag.startsWith('master:')),
        device: source.split(' ')[1] ?? '',
      };
    }),
  );
}

/** Is it that folder, or something in it? `/data2` is not in `/data`. Both are absolute and normal. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/**
 * The mounts that the kernel goes through on its way to a path without links, the one that holds it last. A mount can
 * be hidden below another one, and the list still has it: only its parents tell.
 */
export function mountsTo(path: string, mounts: readonly KernelMount[]): readonly KernelMount[] {
  const over = mounts.filter(({ target }) => isWithin(path, target));
  const ids = new Set(over.map(({ id }) => id));
  const way = new Set<KernelMount>();
  let next = over
    .filter(({ id, parent }) => id === parent || !ids.has(parent))
    .reduce<KernelMount | undefined>(deeper, undefined);
  while (next !== undefined) {
    const { id } = next;
    way.add(next);
    next = over
      .filter((mount) => mount.parent === id && !way.has(mount))
      .reduce<KernelMount | undefined>(shallower, undefined);
  }
  return [...way];
}

function deeper(best: KernelMount | undefined, mount: KernelMount): KernelMount {
  return best === undefined || mount.target.length >= best.target.length ? mount : best;
}

/** What is met first hides what was mounted deeper on the same parent before it. */
function shallower(best: KernelMount | undefined, mount: KernelMount): KernelMount {
  return best === undefined || mount.target.length <= best.target.length ? mount : best;
}
