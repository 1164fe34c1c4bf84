import { inject, it } from 'vitest';
import { subjectOn } from './docker-subject.ts';
import { runtimeContract } from './runtime.contract.ts';
import type { Lacks } from './subject.ts';

const lacks: Lacks = {
  'deleting tasks': 'a view of containers: they go with these',
  cni: 'its networks are its own',
  warnings: 'Podman takes what it cannot do without a word',
  processes: "it runs the container's own ps, and does not tell the mount namespaces",
  'mounts as asked for': 'it tells each mount as a bind or a tmpfs, a nameless volume by its name',
  'an entrypoint that is missing': 'it tells a missing entrypoint as an empty one',
  "the image's own environment alone": 'it gives TERM, container and HOME to each container',
  'network modes in lists': 'they are not in its lists',
  'standard input': 'it closes it with the first who leaves',
  'links as they are': 'it follows them',
  'input that nobody reads': 'it breaks the connection, and with it what the process has said',
  'a followed log to who is slow': 'it drops lines of it, or tells them in another order',
  'the end of what is left alone': 'it does not tell it',
  'the end of what is removed': 'a wait for a container that is removed meanwhile may not learn how it ended',
};

const engines = inject('allEngines').filter(({ kind }) => kind.startsWith('podman-'));
for (const engine of engines)
  // It says an image's name in full.
  runtimeContract(`podman on ${engine.kind}`, () => subjectOn(engine, 'docker.io/offshoot-test/busybox:1'), lacks);

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));
