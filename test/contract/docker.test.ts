import { inject, it } from 'vitest';
import { subjectOn } from './docker-subject.ts';
import type { TestEngine } from '../support/global-engines.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { runtimeContract } from './runtime.contract.ts';
import type { Lacks } from './subject.ts';

const lacksOn = ({ cgroup }: TestEngine): Lacks => ({
  'deleting tasks': 'a view of containers: they go with these',
  cni: 'its networks are its own',
  ...(cgroup === 2 && { accounting: 'the second version of control groups has no controllers on this machine' }),
});

// Control groups of either version are in the tests of what is cloned.
const engines = onePer(
  inject('engines').filter(({ kind }) => kind.startsWith('docker-')),
  (engine) => `${releaseOf(engine)} ${engine.imageStore}`,
);
for (const engine of engines)
  runtimeContract(`docker on ${engine.kind}`, () => subjectOn(engine, 'offshoot-test/busybox:1'), lacksOn(engine));

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));
