import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type ContainerdHost, type ContainerdVersion, startContainerdHost } from '../containerd/index.ts';
import { startEngine } from '../engines/index.ts';
import { buildImages } from '../image.ts';
import { judge, median, row } from './figures.ts';

const image = 'offshoot:dev';
const namespace = 'tinkerbell';

/** Milliseconds, each from the command line's start to its end. */
interface Round {
  /** `nerdctl run` of `true`. */
  readonly floorRun: number;
  /** `nerdctl run -d` of `true`. */
  readonly floorDetached: number;
  /** `nerdctl run` of a launcher; then the sibling has been started. */
  readonly now: number;
  readonly later: number;
}

/** A launch on a host of containerd against what nerdctl itself takes for the two containers, in turn. */
export async function benchNerdctl(rounds: number, version: ContainerdVersion): Promise<boolean> {
  const host = await startContainerdHost({ nerdctl: nerdctlOnPath(), version, namespace });
  try {
    await loadImage(host);
    const measured: Round[] = [];
    // The first one warms up.
    for (let at = 0; at <= rounds; at += 1) {
      const round = await measure(host);
      if (at > 0) measured.push(round);
    }
    return tell(host, measured, await commandsOf(host, launch()), await commandsOf(host, launch('2s')));
  } finally {
    await host.stop();
  }
}

function nerdctlOnPath(): string {
  const file = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'nerdctl'))
    .find((path) => readable(path) !== undefined);
  if (file === undefined) throw new Error('no nerdctl on PATH: no package of Debian has it');
  return file;
}

async function loadImage(host: ContainerdHost): Promise<void> {
  const engine = await startEngine('docker-28.5');
  const archive = join(tmpdir(), `offshoot-bench-${process.pid}.tar`);
  try {
    await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
    await execa(engine.docker, ['--host', engine.host, 'save', '--output', archive, image]);
    await run(host, ['load', '--input', archive]);
  } finally {
    await engine.stop();
    await rm(archive, { force: true });
  }
}

function launch(delay = '0'): string[] {
  const variables = {
    OFFSHOOT_IMAGE: 'self',
    OFFSHOOT_COMMAND: 'true',
    OFFSHOOT_ENTRYPOINT: '[]',
    OFFSHOOT_DELAY: delay,
  };
  const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['run', '--privileged', '--pid', 'host', ...env, image];
}

async function measure(host: ContainerdHost): Promise<Round> {
  const timed = async (...args: string[]): Promise<number> => {
    const began = performance.now();
    await run(host, args);
    const ms = performance.now() - began;
    await settle(host);
    return ms;
  };
  const floor = ['--privileged', '--pid', 'host', '--entrypoint', 'true', image];
  return {
    floorRun: await timed('run', ...floor),
    floorDetached: await timed('run', '--detach', ...floor),
    now: await timed(...launch()),
    later: await timed(...launch('2s')),
  };
}

async function run(host: ContainerdHost, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await host.nerdctl(args);
  if (exitCode !== 0) throw new Error(`nerdctl ${args.join(' ')}: ${exitCode}: ${stderr}`);
  return stdout;
}

/** Nothing of the last one may slow the next one down. */
async function settle(host: ContainerdHost): Promise<void> {
  while ((await run(host, ['ps', '--quiet'])) !== '') await sleep(50);
  const ids = (await run(host, ['ps', '--all', '--quiet', '--no-trunc'])).split('\n').filter(Boolean);
  if (ids.length > 0) await run(host, ['rm', '--force', '--volumes', ...ids]);
  await sleep(200);
}

/** The verbs of all nerdctl processes that a launcher starts, in order, as /proc shows them: each lives for 20 ms or more. */
async function commandsOf(host: ContainerdHost, args: readonly string[]): Promise<string[]> {
  const seen = new Map<string, string>();
  const ofHost = processesOf(host.pid);
  const over = new AbortController();
  const done = run(host, args).finally(() => over.abort());
  while (!over.signal.aborted) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const [program = '', ...words] = (readable(`/proc/${pid}/cmdline`) ?? '').split('\0');
      // What runs the launcher comes with a program before it, and hooks and log writers have nerdctl's path.
      if (program !== 'nerdctl' || words.includes('run') || processesOf(pid) !== ofHost) continue;
      seen.set(pid, words.slice(words.indexOf(namespace) + 1).find((word) => /^[a-z]+$/.test(word)) ?? '');
    }
    await sleep(2);
  }
  await done;
  await settle(host);
  return [...seen.values()];
}

/** The namespace of process ids, which tells this host from others on this machine. */
function processesOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined; // it has ended
  }
}

function readable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function tell(
  host: ContainerdHost,
  rounds: readonly Round[],
  now: readonly string[],
  later: readonly string[],
): boolean {
  const all = (pick: (round: Round) => number): number[] => rounds.map(pick);
  const floor = all(({ floorRun, floorDetached }) => floorRun + floorDetached);
  console.log(
    `containerd ${host.version} by nerdctl on the host, ${rounds.length} rounds, in turn        min  median     max`,
  );
  console.log(
    row(
      'floor: nerdctl run of true',
      all(({ floorRun }) => floorRun),
    ),
  );
  console.log(
    row(
      'floor: nerdctl run -d of true',
      all(({ floorDetached }) => floorDetached),
    ),
  );
  console.log(row('floor: both', floor));
  console.log(
    row(
      'delay 0: nerdctl run until the sibling was started',
      all((round) => round.now),
    ),
  );
  console.log(
    row(
      'delay 2 s: nerdctl run until the launcher has ended',
      all((round) => round.later),
    ),
  );
  console.log(`nerdctl processes of a launch, delay 0: ${now.length} (${now.join(', ')})`);
  console.log(`nerdctl processes of a launch, delay 2 s: ${later.length} (${later.join(', ')})`);
  return judge('delay 0, sibling started, of the floor', median(all((round) => round.now)) / median(floor), 1.35, '×');
}
