import type { Capability } from '../../runtime.ts';

/** What no engine behind Docker's API has, and why: said by `capabilities`, and by the calls themselves. */
export const lacks = {
  taskDelete: 'an ended process and its exit status belong to the container: remove that',
  snapshotMount: 'the API shows no file system from outside; copyOut and readFile read it',
  cni: 'its networks are its own; use networks.connect',
} as const satisfies Partial<Record<Capability, string>>;
