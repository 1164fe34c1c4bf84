import { made } from '../../fixtures/self/sample.ts';
import { type FakeContainer, type FakeView, ourFile, ourName } from '../../support/fake-surroundings.ts';

export const ownId = made('a');
export const otherId = made('b');
const [id, other] = [ownId, otherId];

/** A container that could be ours, what we see and can do, and what must come of it. */
export interface Challenge {
  readonly title: string;
  readonly container: Partial<FakeContainer>;
  readonly view?: FakeView;
  readonly marks?: { readonly renamed?: boolean; readonly writable?: boolean };
  readonly is: 'ours' | 'foreign' | 'open';
  /** Part of the proof or of the reason. */
  readonly because: string;
}

const [sh, us, usElsewhere] = [
  ['sh', '1'],
  [ourName, '1'],
  [ourName, '2'],
] as const;
const inOurCgroup = { cgroup: `3:cpu:/docker/${id}\n0::/\n` };
const hostnameOf = (owner: string): string =>
  `2 1 8:1 /var/lib/docker/containers/${owner}/hostname /etc/hostname rw - ext4 /dev/sda rw\n`;
const readOnly = { writable: false };

export const challenges: readonly Challenge[] = [
  { title: 'our process is listed', container: { processes: [sh, us] }, is: 'ours', because: 'among its processes' },
  { title: 'we are its first process', container: { processes: [us] }, is: 'ours', because: 'among its processes' },
  { title: 'our process is not listed', container: { processes: [sh] }, is: 'foreign', because: 'not among' },
  {
    title: 'our process is not listed, though the kernel has us in its control group',
    container: { processes: [sh] },
    view: inOurCgroup,
    is: 'foreign',
    because: 'not among',
  },
  {
    title: 'our process is listed in another mount namespace: a container nested in it',
    container: { processes: [sh, usElsewhere], files: [] },
    is: 'foreign',
    because: 'nested',
  },
  {
    title: 'the same, and our root cannot be written: the kernel would be wrong',
    container: { processes: [sh, usElsewhere], files: [] },
    view: inOurCgroup,
    marks: readOnly,
    is: 'foreign',
    because: 'nested',
  },
  {
    title: 'our process is listed in another mount namespace, but we have its root: unshare in it',
    container: { processes: [sh, usElsewhere], files: [ourFile] },
    is: 'ours',
    because: 'file',
  },
  {
    title: 'namespaces are not told: the file',
    container: {
      processes: [
        ['sh', '-'],
        [ourName, '-'],
      ],
      files: [ourFile],
    },
    is: 'ours',
    because: 'file',
  },
  { title: 'no ps: the file is there', container: { files: [ourFile] }, is: 'ours', because: 'file' },
  { title: 'no ps: the file is not there', container: { files: [] }, is: 'foreign', because: 'is not in its root' },
  {
    title: 'the file is not there, though the kernel has us in its control group',
    container: { files: [] },
    view: inOurCgroup,
    is: 'foreign',
    because: 'is not in its root',
  },
  {
    title: 'our process cannot be renamed: the file',
    container: { processes: [sh], files: [ourFile] },
    marks: { renamed: false },
    is: 'ours',
    because: 'file',
  },
  {
    title: 'no ps, read-only: nothing tells',
    container: { files: [] },
    marks: readOnly,
    is: 'open',
    because: 'the engine does not list its processes; our root file system cannot be written',
  },
  {
    title: 'no ps, no archive: nothing tells',
    container: {},
    is: 'open',
    because: 'does not let us look for a file',
  },
  {
    title: 'no ps, read-only: the kernel has us in its control group',
    container: {},
    view: { ...inOurCgroup, mountinfo: hostnameOf(id) },
    marks: readOnly,
    is: 'ours',
    because: 'control group',
  },
  {
    title: "the same with another container's network, whose files we have then",
    container: { networkMode: `container:${other}` },
    view: { ...inOurCgroup, mountinfo: hostnameOf(other) },
    marks: readOnly,
    is: 'ours',
    because: 'control group',
  },
  {
    title: 'the same with files of a container that has nothing to do with it: one without a control group, nested',
    container: {},
    view: { ...inOurCgroup, mountinfo: hostnameOf(other) },
    marks: readOnly,
    is: 'open',
    because: 'does not list',
  },
  {
    title: 'the kernel has us in the control group of another one, in this one',
    container: {},
    view: { cgroup: `3:cpu:/docker/${id}/docker/${other}\n` },
    marks: readOnly,
    is: 'open',
    because: 'does not list',
  },
];
