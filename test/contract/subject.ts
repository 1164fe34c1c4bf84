import { beforeAll, it, type TestContext } from 'vitest';
import type { ContainerSpec } from '../../src/runtime/container.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { never } from '../support/runtime.ts';

/** What not every engine can do. Who lacks one says why, and the reason stands in the report of the skipped test. */
export type Requirement =
  | 'terminal'
  | 'override'
  | 'warnings'
  | 'processes'
  | 'attach before start'
  | 'early refusals'
  | 'mounts as asked for'
  | 'an entrypoint that is missing'
  | "the image's own environment alone"
  | 'network modes in lists'
  | 'the end of what is removed'
  | 'an entrypoint apart from its command'
  | 'files of what does not run'
  | 'restart on failure'
  | 'the last words of what ends'
  | 'filters of lists'
  | 'logs since'
  | 'pause'
  | 'rename'
  | 'health'
  | 'stats'
  | 'standard input'
  | 'host paths'
  | 'copies'
  | 'exec'
  | 'accounting'
  | 'images'
  | 'networks'
  | 'connecting networks'
  | 'events'
  | 'garbage'
  | 'tasks'
  | 'deleting tasks'
  | 'snapshots'
  | 'cni'
  | 'links as they are'
  | 'exec with a terminal'
  | 'input that nobody reads'
  | 'a followed log to who is slow'
  | 'the end of what is left alone';
export type Lacks = Partial<Record<Requirement, string>>;

/** A runtime under test, with its engine's own command line to make things without it. */
export interface Subject {
  readonly runtime: Runtime;
  /** Busybox, on the engine. */
  readonly image: string;
  /** The label of everything that is made for the suite; its value is empty. */
  readonly mark: string;
  /** `docker`, `podman` and `nerdctl` take the same words. Rejects when it fails. */
  cli(...args: string[]): Promise<string>;
  /** A runtime whose engine accepts whatever it is asked, and answers nothing. */
  silent(): Promise<SilentEngine>;
  /** Ids of containers that bear the mark. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

export interface SilentEngine {
  readonly runtime: Runtime;
  /** Resolves once the engine was asked something since the last time, or nobody wants to know any more. */
  asked(over?: AbortSignal): Promise<void>;
  /** Names of the calls that the runtime answers by itself; missing: none. */
  readonly asksNothing?: readonly string[];
  /** Connections or processes towards the engine that are there now. */
  open(): number;
}

/** What the behaviours are written with. */
export interface Bench {
  readonly subject: Subject;
  readonly runtime: Runtime;
  /** Another one at each call. */
  name(): string;
  /** A spec of a new name, with the mark. */
  spec(settings?: Partial<ContainerSpec>): ContainerSpec;
  /** Creates and starts; the id. */
  started(settings?: Partial<ContainerSpec>): Promise<string>;
  /** Starts it with `docker run -d` and these flags; the id. */
  run(flags: readonly string[], ...command: string[]): Promise<string>;
}

/** A test of one behaviour, with what it needs of the engine. */
export type Behaviour = (
  title: string,
  test: (bench: Bench, context: TestContext) => Promise<void>,
  needs?: Requirement,
) => void;

/** Makes the subject before the tests of this `describe`, and cleans up after them. */
export function benchFor(make: () => Promise<Subject>, lacks: Lacks): Behaviour {
  let bench: Bench | undefined;
  beforeAll(async () => {
    const subject = await make();
    bench = benchOf(subject);
    return async () => {
      const ids = await subject.leftovers();
      if (ids.length > 0) await subject.cli('rm', '-f', '-v', ...ids);
      const left = await subject.leftovers();
      await subject.close();
      if (left.length > 0) throw new Error(`left behind in the engine: ${left.join(', ')}`);
    };
  });
  return (title, test, needs) => {
    const reason = needs && lacks[needs];
    // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- the behaviours have both
    it(title, async (context) => {
      context.skip(reason !== undefined, reason);
      if (bench === undefined) throw new Error('beforeAll has failed');
      await test(bench, context);
    });
  };
}

function benchOf(subject: Subject): Bench {
  const { runtime, mark, image } = subject;
  let count = 0;
  const name = (): string => `${mark}-${++count}`;
  const spec = (settings: Partial<ContainerSpec> = {}): ContainerSpec => ({
    name: name(),
    image,
    ...settings,
    labels: { [mark]: '', ...settings.labels },
  });
  return {
    subject,
    runtime,
    name,
    spec,
    async started(settings) {
      const { id } = await runtime.create(spec(settings), { signal: never });
      await runtime.start(id, { signal: never });
      return id;
    },
    run: (flags, ...command) =>
      subject.cli('run', '-d', '--network', 'none', '--name', name(), '--label', mark, ...flags, image, ...command),
  };
}
