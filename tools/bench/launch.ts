import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import type { Engine } from '../engines/index.ts';
import { buildImages } from '../image.ts';
import { judge, median, row } from './figures.ts';

const image = 'offshoot:dev';

/** One round's figures, in milliseconds and MiB. */
interface Round {
  /** `docker run` of `true`, from the command line's start to its end. */
  readonly floorRun: number;
  readonly floorCreate: number;
  readonly floorStart: number;
  readonly nowRuns: number;
  readonly nowEnded: number;
  /** The sibling runs, after the deadline. */
  readonly laterRuns: number;
  /** The launcher has ended; it does not wait for the deadline. */
  readonly laterEnded: number;
  readonly waiterPss: number;
}

/** Interleaved, so that a machine whose speed drifts does not favour one side. */
export async function benchLaunch(engine: Engine, count: number): Promise<boolean> {
  const docker = new Docker({ socketPath: engine.socket });
  await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
  const starts = await watchStarts(docker);
  const rounds: Round[] = [];
  // The first one warms up.
  for (let at = 0; at <= count; at += 1) {
    const round = await measure(engine, docker, starts.startedAt);
    if (at > 0) rounds.push(round);
  }
  starts.stop();
  return tell(engine, rounds);
}

async function measure(engine: Engine, docker: Docker, startedAt: Starts): Promise<Round> {
  const floorRun = (await run(engine, '--entrypoint', '/bin/true', image)).ms;
  await settle(docker);
  const { create: floorCreate, start: floorStart } = await createAndStart(docker);
  await settle(docker);
  const launcher = [
    '-v',
    `${engine.socket}:/var/run/docker.sock`,
    '-e',
    'OFFSHOOT_IMAGE=self',
    '-e',
    'OFFSHOOT_COMMAND=/bin/true',
  ];

  const now = await run(engine, ...launcher, image);
  const nowRuns = (await startedAt(now.result.id)) - now.began;
  await settle(docker);

  const later = await run(engine, ...launcher, '-e', 'OFFSHOOT_DELAY=2s', image);
  const waiterPss = await pssOf(engine, docker, later.result.waiter?.id ?? '');
  const laterRuns = (await startedAt(later.result.id)) - Date.parse(later.result.startsAt);
  await settle(docker);
  return { floorRun, floorCreate, floorStart, nowRuns, nowEnded: now.ms, laterRuns, laterEnded: later.ms, waiterPss };
}

/** The engine takes a container's network away after its end has been told: that must not slow the next figure down. */
async function settle(docker: Docker): Promise<void> {
  while ((await docker.listContainers()).length > 0) await sleep(20);
  for (const { Id } of await docker.listContainers({ all: true })) await docker.getContainer(Id).remove();
  await sleep(200);
}

interface Launched {
  readonly id: string;
  readonly startsAt: string;
  readonly waiter: { readonly id: string } | null;
}

async function run(engine: Engine, ...args: string[]): Promise<{ began: number; ms: number; result: Launched }> {
  const began = Date.now();
  const start = performance.now();
  const { stdout } = await execa(engine.docker, ['run', ...args], {
    env: { DOCKER_HOST: engine.host },
    stdin: 'ignore',
  });
  return { began, ms: performance.now() - start, result: JSON.parse(stdout || 'null') as Launched };
}

async function createAndStart(docker: Docker): Promise<{ create: number; start: number }> {
  const began = performance.now();
  const container = await docker.createContainer({ Image: image, Entrypoint: ['/bin/true'] });
  const created = performance.now();
  await container.start();
  return { create: created - began, start: performance.now() - created };
}

/** Milliseconds since the epoch when the engine says that a container runs, by id. */
type Starts = (id: string) => Promise<number>;

/** By its events: some engines note the start in the container's record before they have started it. */
async function watchStarts(docker: Docker): Promise<{ startedAt: Starts; stop(): void }> {
  const stream = await docker.getEvents({ filters: { event: ['start'] } });
  const lines = createInterface({ input: stream });
  const times = new Map<string, number>();
  lines.on('error', () => {}); // ending it breaks the stream off
  lines.on('line', (line) => {
    const { id, timeNano } = JSON.parse(line) as { id: string; timeNano: number };
    times.set(id, timeNano / 1e6);
  });
  const startedAt: Starts = async (id) => {
    for (;;) {
      const time = times.get(id);
      if (time !== undefined) return time;
      await sleep(10);
    }
  };
  return { startedAt, stop: () => (stream as Readable).destroy() };
}

/** MiB of all its processes together, shared pages in proportion; read on the engine's side, where the pids are its own. */
async function pssOf(engine: Engine, docker: Docker, id: string): Promise<number> {
  const { Processes } = (await docker.getContainer(id).top({ ps_args: '-eo pid' })) as { Processes: string[][] };
  const files = Processes.flat().map((pid) => `/proc/${pid}/smaps_rollup`);
  const [enter, ...args] = engine.enter;
  const { stdout } = await execa(enter, [...args, 'cat', ...files]);
  const kibibytes = [...stdout.matchAll(/^Pss:\s+(\d+)/gm)].map(([, amount]) => Number(amount));
  return kibibytes.reduce((sum, value) => sum + value, 0) / 1024;
}

function tell(engine: Engine, rounds: readonly Round[]): boolean {
  const all = (pick: (round: Round) => number): number[] => rounds.map(pick);
  const floor = all(({ floorRun, floorCreate, floorStart }) => floorRun + floorCreate + floorStart);
  const start = all(({ floorStart }) => floorStart);
  console.log(
    `${engine.kind} (${engine.version}), ${rounds.length} rounds, interleaved            min  median     max`,
  );
  console.log(
    row(
      'floor: docker run of true',
      all(({ floorRun }) => floorRun),
    ),
  );
  console.log(
    row(
      'floor: one create',
      all(({ floorCreate }) => floorCreate),
    ),
  );
  console.log(row('floor: one start', start));
  console.log(row('floor: run + create + start', floor));
  console.log(
    row(
      'delay 0: docker run until the sibling runs',
      all(({ nowRuns }) => nowRuns),
    ),
  );
  console.log(
    row(
      'delay 0: docker run until the launcher has ended',
      all(({ nowEnded }) => nowEnded),
    ),
  );
  console.log(
    row(
      'delay 2 s: docker run until the launcher has ended',
      all(({ laterEnded }) => laterEnded),
    ),
  );
  console.log(
    row(
      'delay 2 s: deadline until the sibling runs',
      all(({ laterRuns }) => laterRuns),
    ),
  );
  console.log(
    row(
      'waiting container, PSS',
      all(({ waiterPss }) => waiterPss),
      'MiB',
    ),
  );
  return [
    judge('delay 0, sibling runs, of the floor', median(all(({ nowRuns }) => nowRuns)) / median(floor), 1.25, '×'),
    judge(
      'delay 2 s, after the deadline, of one start',
      median(all(({ laterRuns }) => laterRuns)) / median(start),
      1.25,
      '×',
    ),
    judge('memory of the waiting container', median(all(({ waiterPss }) => waiterPss)), 1.5, 'MiB'),
  ].every(Boolean);
}
