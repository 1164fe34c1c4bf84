import { posix } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { type HostPath, hostPathOf } from '../../../src/paths/host-path.ts';
import { parseKernelMounts } from '../../../src/paths/kernel-mounts.ts';
import { translateMounts } from '../../../src/paths/translate.ts';
import type { MountRequest } from '../../../src/runtime/container.ts';
import { type Mounted, type World, world } from './world.ts';

/** Names that begin with each other, so that one can be taken for the other. */
const name = fc.constantFrom('a', 'a2', 'ab', 'b');
const place = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
const mount = fc.record({
  at: place,
  readOnly: fc.boolean(),
  source: fc.constantFrom('/srv', '/', '/host_mnt/c/x', '/a'),
});
/** Each at a place of its own, in any order, so that one can hide others. */
const mounts = fc.uniqueArray(mount, { maxLength: 6, selector: ({ at }) => at });
const options = { volumeSubpath: true };

function within(path: string, folder: string): boolean {
  return !posix.relative(folder, path).startsWith('..');
}

/** As one sees it: the last one mounted at a place or above it hides what was there. */
function seenAt(path: string, list: readonly Mounted[]): Mounted | undefined {
  const holders = list.filter(({ at }, index) => within(path, at) && !isHidden(at, list.slice(index + 1)));
  return holders.toSorted((left, right) => left.at.length - right.at.length).at(-1);
}

function isHidden(at: string, later: readonly Mounted[]): boolean {
  return later.some((other) => other.at !== at && within(at, other.at));
}

function translated(path: string, { self, view }: World): HostPath | undefined {
  try {
    return hostPathOf(path, self, view);
  } catch (error) {
    if (error instanceof InvalidRequestError) return undefined;
    throw error;
  }
}

it('takes the mount that one sees there, on the boundary of a name', () => {
  fc.assert(
    fc.property(mounts, place, (list, path) => {
      const holder = seenAt(path, list);
      const found = translated(path, world(list));
      expect(found?.mountPoint.destination).toBe(holder?.at);
      if (holder === undefined) return;
      expect(found?.source).toBe(posix.join(holder.source ?? '', posix.relative(holder.at, path)));
      expect(found?.readOnly).toBe(holder.readOnly);
    }),
  );
});

const steps = fc.array(fc.oneof(name, fc.constantFrom('..', '.', '', 'a')), { maxLength: 8 });
const link = fc.tuple(
  place,
  fc.tuple(fc.constantFrom('/', ''), steps).map(([start, parts]) => start + parts.join('/')),
);

it('never leaves the source of a mount, whatever links and .. are in the path', () => {
  fc.assert(
    fc.property(mounts, fc.array(link, { maxLength: 4 }), steps, (list, pairs, parts) => {
      const links = Object.fromEntries(pairs.filter(([, to]) => to !== ''));
      const { self, view } = world(list, { links });
      const path = `/${parts.join('/')}`;
      const found = translated(path, { self, view });
      if (found === undefined) return;
      const root = found.mountPoint.source;
      expect(within(found.source, root)).toBe(true);
      expect(found.source).not.toMatch(/(?:^|\/)\.\.?(?:\/|$)/);
      // The same as the path that it leads to.
      expect(translated(view.realpath(path), { self, view })).toEqual(found);
    }),
    { numRuns: 500 },
  );
});

/** Where a path of the sibling is on the host. */
function inSibling(path: string, list: readonly MountRequest[]): { source: string; readOnly: boolean } | undefined {
  const holders = list.filter(({ target }) => within(path, target));
  const holder = holders.toSorted((left, right) => left.target.length - right.target.length).at(-1);
  if (holder === undefined) return undefined;
  const { source = '', target, readOnly = false } = holder;
  return { source: posix.join(source, posix.relative(target, path)), readOnly };
}

it('gives a sibling the same file at each path below what it is given, and no more rights to it', () => {
  fc.assert(
    fc.property(mounts, place, fc.array(name, { maxLength: 4 }), fc.boolean(), (list, source, names, readOnly) => {
      const here = world(list);
      if (translated(source, here) === undefined) return;
      const addition = { text: 'x', type: 'bind', source, target: '/x', readOnly } as const;
      const { mounts: requests } = translateMounts([addition], here.self, here.view, options);
      const below = names.join('/');
      const found = translated(posix.join(source, below), here);
      const there = inSibling(posix.join('/x', below), requests);
      expect(there?.source).toBe(found?.source);
      expect(there?.readOnly).toBe(readOnly || found?.readOnly);
    }),
    { numRuns: 500 },
  );
});

it('makes something of any list of mounts, and comes to an end', () => {
  const number = fc.integer({ min: 1, max: 6 });
  const tag = fc.constantFrom('', 'shared:1 ', 'master:1 ');
  const root = fc.constantFrom('/', '/srv//deleted', 'net:[1]', '/volumes/a/_data/b');
  const line = fc
    .tuple(number, number, root, fc.oneof(place, fc.constant('/')), tag)
    .map(([id, parent, from, at, tags]) => `${id} ${parent} 8:1 ${from} ${at} rw ${tags}- ext4 /dev/sda1 rw`);
  fc.assert(
    fc.property(mounts, fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), place, (list, lines, path) => {
      const { self, view } = world(list);
      const odd = { self, view: { ...view, mounts: parseKernelMounts(lines.join('\n')) } };
      const found = translated(path, odd);
      if (found === undefined) return;
      expect(within(found.source, found.mountPoint.source)).toBe(true);
      const addition = { text: 'x', type: 'bind', source: path, target: '/x', readOnly: true } as const;
      for (const { readOnly } of translateMounts([addition], self, odd.view, options).mounts)
        expect(readOnly).toBe(true);
    }),
  );
});
