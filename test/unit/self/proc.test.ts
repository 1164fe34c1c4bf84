import { describe, expect, it } from 'vitest';
import {
  idOfOwnCgroup,
  idsInCgroup,
  idsInMountinfo,
  layerIn,
  parseMountinfo,
  upperDirOf,
} from '../../../src/self/proc.ts';
import { dockerCgroups } from '../../fixtures/self/docker.ts';
import { made } from '../../fixtures/self/sample.ts';

const a = made('a');
const b = made('b');

describe('parseMountinfo', () => {
  it('reads places, the file system and its options, whatever optional fields stand between', () => {
    const line = String.raw`36 35 98:0 /mnt\0401 /data\134x\011y\012z rw,noatime shared:1 master:2 - ext3 /dev/root rw,errors=continue`;
    expect(parseMountinfo(line)).toEqual([
      { root: '/mnt 1', target: '/data\\x\ty\nz', fileSystem: 'ext3', superOptions: 'rw,errors=continue' },
    ]);
  });

  it.each([
    ['no text', ''],
    ['an empty line', '\n\n'],
    ['a line that ends in its middle', '36 35 98:0 /mnt1\n'],
  ])('gives nothing for %s', (_, text) => {
    expect(parseMountinfo(text)).toEqual([]);
  });

  it('reads a line of a megabyte, and the one behind it', () => {
    const lower = `lowerdir=${'/l/A:'.repeat(200_000)}`;
    const hosts = `2 1 8:1 /var/lib/docker/containers/${a}/hosts /etc/hosts rw - ext4 /dev/sda rw`;
    const mounts = parseMountinfo(`1 0 0:5 / / rw - overlay overlay rw,${lower},upperdir=/o/${b}/diff\n${hosts}\n`);
    expect(upperDirOf(mounts)).toBe(`/o/${b}/diff`);
    expect(idsInMountinfo(mounts)).toEqual([{ id: a, target: '/etc/hosts' }]);
  });
});

const overlay = (options: string): string => `1 0 0:5 / / rw - overlay overlay ${options}\n`;

describe('upperDirOf', () => {
  it.each([
    ['an overlay', overlay(`rw,lowerdir=/l,upperdir=/o/${a}/diff,workdir=/w`), `/o/${a}/diff`],
    ['a relative one', overlay(`rw,lowerdir=l,upperdir=${a}/diff,workdir=w`), `${a}/diff`],
    ['a read-only one without a writable layer', overlay('ro,lowerdir=/l:/m'), undefined],
    [
      'a folder with a comma and a space',
      overlay(String.raw`rw,upperdir=/my\054\040disk/diff,workdir=/w`),
      '/my, disk/diff',
    ],
    ['no overlay', '1 0 8:1 / / rw - ext4 /dev/sda rw,upperdir=/x\n', undefined],
    ['an overlay elsewhere', overlay('rw,upperdir=/x').replace(' / / ', ' / /mnt '), undefined],
    ['two over each other: the last one is seen', overlay('rw,upperdir=/x') + overlay('rw,upperdir=/y'), '/y'],
    ['another file system over an overlay', `${overlay('rw,upperdir=/x')}2 1 0:9 / / rw - tmpfs tmpfs rw\n`, undefined],
    ['no text', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(upperDirOf(parseMountinfo(text))).toBe(expected);
  });
});

describe('layerIn', () => {
  it.each([
    ['docker', `/var/lib/docker/overlay2/${a}/diff`, a],
    ['docker, user namespace', `/var/lib/docker/100000.100000/overlay2/${a}/diff`, a],
    ['podman', `/var/lib/containers/storage/overlay/${a}/diff`, a],
    ['relative', `${a}/diff`, a],
    // Each engine counts its own: an inner one has the same numbers as the one around it.
    ['containerd', '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/58/fs', undefined],
    ['a bare diff, which any layer ends with', 'diff', undefined],
    ['an id elsewhere in the path', `/data/${a}/overlay/7/diff`, undefined],
    ['the layer below', `/var/lib/docker/overlay2/${a}-init/diff`, undefined],
    ['not told', undefined, undefined],
  ])('%s', (_, upperDir, expected) => {
    expect(layerIn(upperDir)).toBe(expected);
  });
});

describe('idOfOwnCgroup', () => {
  it.each(dockerCgroups)('$name', ({ cgroup = '', id }) => {
    // Something below the id can be a container without an id: then it tells nothing.
    expect(idOfOwnCgroup(cgroup)).toBe(cgroup.includes('/user.slice\n') ? undefined : id);
  });

  it.each([
    ['no id', '3:cpu:/\n0::/\n', undefined],
    ['podman, which puts processes below it', `0::/machine.slice/libpod-${a}.scope/container\n`, a],
    ['hierarchies that do not tell beside one that does', `3:cpu:/docker/${a}\n2:misc:/\n0::/\n`, a],
    ['an inner engine that does not use all hierarchies', `3:cpu:/docker/${a}/docker/${b}\n0::/docker/${a}\n`, b],
    ['two that contradict each other', `3:cpu:/docker/${a}\n2:pids:/docker/${b}\n`, undefined],
    ['a container without an id in ours', `3:cpu:/docker/${a}/lxc/web\n0::/docker/${a}\n`, undefined],
    ['a parent that looks like an id', `3:cpu:/docker/${b}/${a}\n`, a],
  ])('%s', (_, text, expected) => {
    expect(idOfOwnCgroup(text)).toBe(expected);
  });
});

it('never takes a container around another one for the innermost, in whichever hierarchy', () => {
  const text = `1:name=systemd:/docker/${a}\n3:cpu:/docker/${a}/docker/${b}\n`;
  expect(idsInCgroup(text)).toEqual([
    { id: b, innermost: true },
    { id: a, innermost: false },
  ]);
});
