import { sharedFolder } from '../../support/inner-engine.ts';
import { isPodman } from '../../support/podman.ts';
import type { Answer, Proof, Stage, Surrounding } from './surrounding.ts';
import type { TestEngine } from '../../support/global-engines.ts';

const command = ['/opt/offshoot/offshoot', 'self'];

/** A container of the inner engine, which tells neither layers nor processes, asks that engine. */
function insideAskingInner({ ask, inner }: Stage, ...more: string[]): Promise<Answer> {
  const { docker, image, launcher, socketInInner } = inner;
  return ask([...launcher, ...more], { docker, image, command, socket: socketInInner });
}

/** It asks the engine around its own: the right answer is none, and never the container around it. */
async function insideAskingOuter({ ask, inner }: Stage, ...more: string[]): Promise<Answer> {
  const { docker, image, launcher } = inner;
  const socket = ['--volume', '/var/run/docker.sock:/var/run/docker.sock'];
  return { ...(await ask([...launcher, ...more], { docker, image, command, socket })), right: undefined };
}

const refused = (): Proof => 'refused';
/** Podman does not tell the mount namespaces of processes. */
const nestedIn = (engine: TestEngine): RegExp =>
  isPodman(engine) ? /this engine has no such container|a file that we have just made is not in/ : /nested/;
/** All that is left when nothing can be asked. With cgroup v2 and a namespace of its own even that is not there. */
const onlyControlGroup = ({ cgroup }: TestEngine): Proof => (cgroup === 1 ? 'cgroup' : 'refused');

export const nested: readonly Surrounding[] = [
  {
    title: 'DinD, outer container: the outer engine',
    async ask({ docker, inner }) {
      return { right: inner.outerId, ...(await docker.call('exec', inner.outerId, ...command)) };
    },
  },
  {
    title: 'DinD, outer container: the inner engine',
    async ask({ docker, inner }) {
      return {
        right: undefined,
        ...(await docker.call('exec', ...inner.socketInOuter, inner.outerId, ...command)),
      };
    },
    proof: refused,
    because: /this engine has no such container/,
  },
  {
    title: 'DinD, inner container: the inner engine (no ps)',
    ask: (stage) => insideAskingInner(stage),
    proof: () => 'file',
  },
  {
    title: 'DinD, inner container: the inner engine (no ps), --network host --pid host --uts host',
    ask: (stage) => insideAskingInner(stage, '--network', 'host', '--pid', 'host', '--uts', 'host'),
    proof: () => 'file',
  },
  {
    title: 'DinD, inner container: the inner engine (no ps), --read-only',
    ask: (stage) => insideAskingInner(stage, '--read-only'),
    proof: onlyControlGroup,
    because: /does not list its processes; our root file system cannot be written/,
  },
  {
    title: 'DinD, inner container: the inner engine (no ps), --read-only --cgroupns host',
    ask: (stage) => insideAskingInner(stage, '--read-only', '--cgroupns', 'host'),
    proof: () => 'cgroup',
  },
  {
    title: "DinD, inner container: the inner engine (no ps), --user, X's network and /tmp",
    async ask(stage) {
      const { docker, image } = stage.inner;
      const shared = ['--volume', `${sharedFolder}:/tmp`];
      const owner = await docker.ok('run', '--detach', '--label', docker.mark, ...shared, image, 'sleep', '600');
      return insideAskingInner(stage, '--network', `container:${owner}`, '--user', '65534', ...shared);
    },
    proof: onlyControlGroup,
    because: /our root file system cannot be written/,
  },
  {
    title: 'DinD, inner container: the outer engine',
    ask: (stage) => insideAskingOuter(stage),
    proof: refused,
    because: nestedIn,
  },
  {
    title: 'DinD, inner container: the outer engine, --network host --pid host --uts host',
    ask: (stage) => insideAskingOuter(stage, '--network', 'host', '--pid', 'host', '--uts', 'host'),
    proof: refused,
    because: nestedIn,
  },
  {
    title: 'DinD, inner container: the outer engine, --read-only --cgroupns host',
    ask: (stage) => insideAskingOuter(stage, '--read-only', '--cgroupns', 'host'),
    proof: refused,
    because: nestedIn,
  },
  {
    title: 'DinD, inner container: the outer engine, OFFSHOOT_SELF names the outer container',
    ask: (stage) => insideAskingOuter(stage, '--env', `OFFSHOOT_SELF=${stage.inner.outerId}`),
    proof: refused,
    because: nestedIn,
  },
];
