import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKernelMounts, mountsTo } from '../../../src/paths/kernel-mounts.ts';
import { candidatesIn } from '../../../src/self/candidates.ts';
import {
  idInContainerenv,
  idInHostname,
  idOfOwnCgroup,
  idsInCgroup,
  idsInMountinfo,
  parseMountinfo,
  upperDirOf,
} from '../../../src/self/proc.ts';
import { namespaceInCgroup } from '../../../src/runtime/nerdctl/connect/own-place.ts';
import { capabilitiesIn } from '../../../src/runtime/nerdctl/read/read-privileges.ts';
import { runs, seed, textOf } from './garbage.ts';

const id = 'a'.repeat(64);
const lines = textOf(
  `36 35 98:0 /containers/${id}/hostname /etc/hostname rw,noatime shared:1 - ext4 /dev/root rw,errors=continue`,
  String.raw`37 36 0:45 / / rw - overlay overlay rw,upperdir=/a\040b/${id}/diff,workdir=/w`,
  `0::/system.slice/docker-${id}.scope`,
  `12:pids:/docker/${id}/kubepods/${id}`,
  `engine="podman-4.3"\nid="${id}"`,
  'CapEff:\t00000000a80425fb',
);
const file = fc.array(lines, { maxLength: 6 }).map((all) => all.join('\n'));

describe(`files of the kernel, seed ${seed}`, { timeout: 60_000 }, () => {
  it('are read to their end, and give ids or nothing', () => {
    fc.assert(
      fc.property(file, file, (mountinfo, other) => {
        const mounts = parseMountinfo(mountinfo);
        for (const mount of mounts) expect(Object.values(mount).every((value) => typeof value === 'string')).toBe(true);
        const kernel = parseKernelMounts(mountinfo);
        expect(mountsTo('/etc/hostname', kernel).every((mount) => kernel.includes(mount))).toBe(true);
        upperDirOf(mounts);
        namespaceInCgroup(other);
        capabilitiesIn(other);
        const ids = [
          ...idsInMountinfo(mounts).map((found) => found.id),
          ...idsInCgroup(other).map((found) => found.id),
          idOfOwnCgroup(other),
          idInContainerenv(other),
        ];
        for (const found of ids) expect(found ?? id).toMatch(/^[0-9a-f]{64}$/);
        idInHostname(other);
        const surroundings = { mounts, cgroup: other, containerenv: other, hostnames: [other] };
        for (const { reference, evidence } of candidatesIn(surroundings)) {
          expect(reference).not.toBe('');
          expect(evidence.length).toBeGreaterThan(0);
        }
      }),
      runs(600),
    );
  });

  it.each([' ', '/', '\n', '-', ' - ', String.raw`\040`, `${id}/`, ','])('a long line of %j takes no time', (part) => {
    const long = part.repeat(300_000 / part.length);
    const mounts = parseMountinfo(`${long}\n1 1 0:1 ${long} ${long} rw - overlay x ${long}`);
    expect(idsInMountinfo(mounts)).toEqual([]);
    expect(upperDirOf(mounts)).toBeUndefined();
    const found = [idOfOwnCgroup(`0::${long}`), idInContainerenv(long), idInHostname(long)];
    for (const one of found) expect(one ?? id).toBe(id);
    expect(parseKernelMounts(long)).toEqual([]);
  });
});
