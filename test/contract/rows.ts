/** One row of the table of capabilities that five systems before this one had. */
export interface Row {
  readonly what: string;
  /** Behaviours of the contract, `part: title`; it works where all of them were kept. */
  readonly behaviours?: readonly string[];
  /** Files of tests that show it, of which those count that name the engine, else all; `#words`: with these in their names. */
  readonly files?: readonly string[];
  /** Why no runtime has it. */
  readonly notHere?: string;
}

const self = ['test/e2e/self/surroundings.test.ts', 'test/e2e/podman.test.ts', 'test/e2e/nerdctl-self.test.ts'];
const launch = ['test/e2e/launch-now.test.ts', 'test/e2e/podman.test.ts', 'test/e2e/nerdctl.test.ts'];
const library = ['test/contract/library.test.ts'];
const ofNerdctl = 'test/contract/nerdctl-things.test.ts';

const asAskedFor = 'creates: what it is asked for, so that it reads back the same';
const startWith = 'starts: a container, and is content with one that runs already';
const labelled = 'leads a container: by all of its labels, running or not, the newest first';
const aNetwork = 'makes sure of: a network of a name and labels once, whoever asks for it, and never another’s';
const inNetworks = 'makes sure of: containers in networks, by other names and addresses, and out of them';
const anImage = 'keeps images: what it is, and what it is not';
const written = 'keeps images: what a container has written, found by its label, saved and loaded';
const conversation = 'runs: a conversation, half of which can be closed';
const snapshots = 'keeps snapshots: writable over an image, committed, and writable over that';

/** By the number of the row. */
export const rows: Readonly<Record<number, Row>> = {
  1: { what: 'which container am I, and how was it made', files: self },
  2: { what: 'clone self, run a sibling', files: launch },
  3: { what: 'runtime by preference, or found', files: ['test/unit/runtime/detect.test.ts'] },
  4: { what: 'registry of runtimes, open to others', files: ['test/unit/runtime/registry.test.ts'] },
  5: {
    what: 'where a runtime is: settings, contexts, addresses',
    files: ['test/unit/runtime/endpoint.test.ts', 'test/unit/runtime/candidates.test.ts'],
  },
  6: { what: 'ping, with an error that helps', files: [...library, 'test/contract/docker-ways.test.ts'] },
  7: { what: 'capabilities, of the engine as it is', files: library },
  8: { what: 'an error for what is not supported', files: ['test/contract/build.test.ts', 'test/unit/errors.test.ts'] },
  9: { what: 'close', files: library },
  10: {
    what: 'pull an image',
    files: ['test/contract/pull.test.ts', 'test/e2e/engine-pull.test.ts', `${ofNerdctl}#pulls:`],
  },
  11: {
    what: 'pull by a policy',
    behaviours: ['keeps images: by its policy: what is there is not pulled, what may not be is not'],
    files: ['test/contract/pull.test.ts'],
  },
  12: {
    what: 'progress of a pull, dropped for who is slow',
    files: ['test/contract/pull.test.ts', 'test/unit/runtime/event-buffer.test.ts', `${ofNerdctl}#pulls:`],
  },
  13: { what: 'is there an image', behaviours: [anImage] },
  14: { what: 'inspect an image', behaviours: [anImage, 'tells what is there: an image by its name, and by its id'] },
  15: { what: 'list images by labels', behaviours: [written] },
  16: { what: 'remove an image', behaviours: ['keeps images: other names, which can be taken away', written] },
  17: { what: 'build an image', files: ['test/contract/build.test.ts', `${ofNerdctl}#builds`] },
  18: { what: 'create a container', behaviours: [asAskedFor, 'creates: nothing without its image'] },
  19: { what: 'create and start in one', behaviours: [startWith], files: launch },
  20: {
    what: 'start and stop: signal, time-out, force',
    behaviours: [
      startWith,
      'leads a container: to its stop, by its own signal or another, and keeps its status and output',
      'leads a container: that does not want to stop by force, unless it is not to be forced',
    ],
  },
  21: {
    what: 'wait until it runs',
    behaviours: ['leads a container: until it runs, and tells one that has ended from one that was not started'],
  },
  22: { what: 'pause and unpause', behaviours: ['leads a container: to a pause and out of it'] },
  23: {
    what: 'remove, with its volumes',
    behaviours: [
      'ends: a container for good, running or not, with its nameless volumes',
      'ends: what is gone already, and what several remove at once',
    ],
  },
  24: { what: 'wait for the end', behaviours: ['ends: a wait with the container, and tells its exit status'] },
  25: {
    what: 'inspect a container',
    behaviours: [
      'tells what is there: a container by its id, by the beginning of it, and by its name',
      'tells what is there: a container’s settings as they were asked for',
    ],
  },
  26: { what: 'a word for each state', behaviours: ['leads a container: with a word for each state'] },
  27: { what: 'list by labels, all of them, stopped too', behaviours: [labelled] },
  28: { what: 'the newest by a label', behaviours: [labelled] },
  29: {
    what: 'logs, at once or followed, 20,000 lines in order',
    behaviours: [
      'gives output: of the past, all or the last lines',
      'gives output: of a running container so far, and with follow until it ends',
      'gives output: all of 20000 lines of a log in order, as frames, afterwards',
      'gives output: all of 20000 lines of a log in order, as frames, while it is followed',
      'gives output: all of 20000 lines of a log in order, of a terminal, afterwards',
      'gives output: all of 20000 lines of a log in order, of a terminal, while it is followed',
      'gives output: all of a log that is followed, to who is slow and comes after the end',
      'leads a container: what was said since a time',
    ],
    files: ['test/contract/large-output.test.ts'],
  },
  30: {
    what: 'exec, captured',
    behaviours: [
      'runs: a command, and tells its outputs apart and its status',
      'runs: all of a large output in order, and none of one that is too large',
    ],
  },
  31: {
    what: 'exec, streamed both ways',
    behaviours: [conversation, 'runs: a process whose output nobody reads to its end'],
    files: ['test/contract/large-output.test.ts'],
  },
  32: {
    what: 'exec with a terminal and its size',
    behaviours: ['runs: a terminal of the size that it is given, also later'],
  },
  33: { what: 'exec, left alone', behaviours: ['runs: a process that is left alone'] },
  34: { what: 'write to the main process', behaviours: ['leads a container: to read what is written to it'] },
  35: { what: 'health of a container', behaviours: ['leads a container: with its health'] },
  36: {
    what: 'events by labels, also after an outage',
    behaviours: [
      'tells events: of the containers with a label, from its call on',
      'tells events: of the past',
      'tells events: no more than who is slow can take, and says how many are lost',
    ],
    files: ['test/e2e/engine-dies.test.ts', `${ofNerdctl}#events:`],
  },
  37: { what: 'networks, made once and removed', behaviours: [aNetwork] },
  38: { what: 'attach to CNI and detach', behaviours: ['attaches: a container to a network, and from it'] },
  39: { what: 'ports, DNS, aliases, static address, MTU', behaviours: [asAskedFor, aNetwork, inNetworks] },
  40: {
    what: 'volumes, made once and removed',
    behaviours: ['makes sure of: a volume of a name and labels once, and never another’s'],
  },
  41: { what: 'mounts', behaviours: ['creates: mounts, so that they read back the same'] },
  42: { what: 'limits of resources', behaviours: [asAskedFor], files: ['test/e2e/fields.test.ts'] },
  43: { what: 'privileged, pid mode, terminal', behaviours: [asAskedFor, 'tells what is there: a terminal'] },
  44: {
    what: 'snapshots',
    behaviours: [snapshots, 'keeps snapshots: none of what is not there, or of what cannot be one'],
  },
  45: {
    what: 'a container from a snapshot',
    behaviours: ['keeps snapshots: of what a container has written, as the beginning of others'],
  },
  46: {
    what: 'tasks',
    behaviours: [
      'tells tasks: of what runs, is paused, and has ended',
      'tells tasks: deleted, and the container stays',
    ],
  },
  47: { what: 'where resolv.conf comes from', files: ['test/unit/host/files.test.ts'] },
  48: { what: 'time zone', files: ['test/unit/host/files.test.ts'] },
  49: {
    what: 'places on the host; what a nested client needs',
    behaviours: ['leads a container: with its places on the host'],
  },
  50: { what: 'compose up, down, id', files: [...library, `${ofNerdctl}#Compose:`] },
  51: { what: 'rootless engines, and their start', files: ['test/unit/host/addresses.test.ts'] },
  52: {
    what: 'cancelled within 50 ms',
    behaviours: [
      'is cancelled: before any call, without asking the engine',
      'is cancelled: during any call, at once and with the signal’s own reason',
      'is cancelled: during an answer',
    ],
  },
  53: {
    what: 'micro VMs, unikernels, Apple’s container',
    notHere: 'names in the registry: firecracker and nanos need /dev/kvm, apple needs macOS on Apple silicon',
  },
  54: {
    what: 'garbage of images by age',
    behaviours: ['collects garbage:: images that nobody uses, when they are old enough'],
  },
  55: {
    what: 'checkpoint and restore',
    notHere: 'experimental in Docker, where restoring is broken; capabilities() says so',
  },
  56: {
    what: 'figures of processor and memory',
    behaviours: ['leads a container: with what it uses', 'leads a container: with the processor time that it takes'],
  },
  57: {
    what: 'copy files in and out',
    behaviours: [
      'copies: a file into a container and out of it, running or not',
      'copies: the mode, owner and kind of a file with it',
      'copies: a link as a link',
    ],
  },
};
