import { beforeAll, describe, expect, inject } from 'vitest';
import { makeInertImages, variants } from '../support/inert-images.ts';
import { eventually, type Lab, labTest } from '../support/lab.ts';
import { onePer } from '../support/one-per.ts';
import { isPodman } from '../support/podman.ts';

// What a shell or the launcher does before it is replaced hardly depends on the engine: one of each control group
// version, and for every fourth way Podman.
const engines = onePer(inject('allEngines'), (engine) => `${engine.cgroup} ${isPodman(engine)}`);
const ways = await variants();
const cases = engines.flatMap((engine) =>
  ways
    .filter((_, at) => !isPodman(engine) || at % 4 === 0)
    .map((way) => ({ ...way, engine, title: `${way.name}, on ${engine.kind}` })),
);

const sh = ['/bin/busybox', 'sh', '-c'];

/** All that a process is given and could notice, told by the shell that is the command. */
const state = `
  own=/proc/$$
  [ $$ = 1 ]; echo $?
  cat $own/cmdline | tr '\\0' '|'
  busybox grep -E '^(Umask|Uid|Gid|Groups|Threads|Sig(Pnd|Blk|Ign|Cgt)|Shd|Cap|NoNew|Seccomp)' $own/status
  cat $own/limits $own/oom_score_adj $own/coredump_filter
  ls $own/fd
  for fd in 0 1 2; do busybox grep flags $own/fdinfo/$fd; done
  readlink $own/cwd
  set -- /proc/[0-9]*
  echo $#`;

describe.each(cases)('untriggered, by $title', { concurrent: true }, ({ engine, image, plain, flags, adds }) => {
  beforeAll(() => makeInertImages(engine));
  const it = labTest(engine);

  /** The same with and without offshoot. */
  async function both(lab: Lab, more: readonly string[], words: readonly string[]) {
    const run = (which: string) => lab.docker('run', '--label', lab.mark, ...flags, ...more, which, ...words);
    const [without, with_] = await Promise.all([run(plain), run(image)]);
    return { without, with: with_ };
  }

  it.for([
    ['as it is', []],
    [
      'read-only, for an ordinary user with nothing',
      ['--read-only', '-u', '1000:1000', '--cap-drop', 'ALL', '-w', '/bin'],
    ],
    ['on a terminal', ['-t']],
    ['with an init', ['--init', '--security-opt', 'no-new-privileges']],
  ] as const)('the command is in the same state: %s', async ([, more], { lab }) => {
    const result = await both(lab, ['--ulimit', 'nofile=1000:2000', ...more], [...sh, state]);
    expect(result.with).toMatchObject({ exitCode: 0, stderr: '' });
    // Node has raised it before anything of ours runs.
    const raised = image.includes('launcher')
      ? result.without.stdout.replace(/(Max open files +)1000/, '$12000')
      : result.without.stdout;
    expect(result.with.stdout).toBe(raised);
  });

  it('its environment is the same', async ({ lab }) => {
    const odd = ['-e', 'EMPTY=', '-e', 'SPACES= a  b ', '-e', 'LINES=one\ntwo\n', '-e', `ODD=$(id) 'x' "y" \\ ü*`];
    const words = ['busybox', 'cat', '/proc/self/environ'];
    const { without, with: ours } = await both(lab, ['--hostname', 'same', ...odd], words);
    const entries = (text: string) => text.split('\0').filter(Boolean);
    const added = entries(ours.stdout).filter((entry) => !entries(without.stdout).includes(entry));
    expect(added.toSorted()).toEqual(adds);
    expect(entries(ours.stdout)).toEqual(expect.arrayContaining(entries(without.stdout)));
  });

  it('its words are the same', async ({ lab }) => {
    const words = ['a b', '', '*', '/*', 'one\ntwo\n', '$HOME', '`id`', '-n', '--', '\\', '"', "'", 'ü', '!', ';', '#'];
    const { without, with: ours } = await both(lab, [], ['busybox', 'printf', '[%s]\n', ...words]);
    expect(ours).toEqual(without);
    expect(ours.stdout).toBe(words.map((word) => `[${word}]`).join('\n'));
  });

  it('its input and output are the same', async ({ lab }) => {
    const input = 'x'.repeat(100_000);
    const args = ['run', '-i', '--label', lab.mark, ...flags, image, ...sh, 'cat; echo error >&2; exit 5'];
    const { stdout, stderr, exitCode } = await lab.spawn(engine.docker, args, { stdin: 'pipe', input });
    expect({ same: stdout === input, stderr, exitCode }).toEqual({ same: true, stderr: 'error', exitCode: 5 });
  });

  it('signals reach it', async ({ lab }) => {
    const script = `trap 'echo TERM; exit 42' TERM; trap 'echo HUP' HUP; echo ready; while :; do busybox sleep 0.05; done`;
    // Podman gives none at all to what is created by its API.
    const patient = ['--stop-timeout', '10'];
    const id = await lab.ok('run', '-d', '--label', lab.mark, ...patient, ...flags, image, ...sh, script);
    const says = async (text: string): Promise<void> => expect((await lab.logs(id)).stdout).toBe(text);
    await eventually(() => says('ready'));
    await lab.ok('kill', '--signal', 'HUP', id);
    await eventually(() => says('ready\nHUP'));
    await lab.ok('stop', id);
    expect(await lab.ended(id)).toBe(42);
    await says('ready\nHUP\nTERM');
  });

  it.for([
    ['nothing of that name', 127, ['no-such-command']],
    ['nothing at that path', 127, ['/no/such/command']],
    ['a file that is not executable', 126, ['/proc/1/status']],
    ['a folder', 126, ['/proc']],
  ] as const)('status of %s: %i', async ([, status, words], { lab }) => {
    const { exitCode, stdout, stderr } = await lab.docker('run', '--label', lab.mark, ...flags, image, ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
    expect(stderr).toContain(words[0]);
  });

  it('no command is a mistake', async ({ lab }) => {
    const { exitCode, stdout, stderr } = await lab.docker('run', '--label', lab.mark, ...flags, image);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toContain('OFFSHOOT_IMAGE');
  });

  it('needs no input and no output', async ({ lab }) => {
    const script = `${await entrypointOf(lab)} /bin/busybox sh -c 'exit 9' <&- >&- 2>&-; echo $?`;
    const { stdout } = await lab.docker('run', '--label', lab.mark, ...flags, image, ...sh, script);
    expect(stdout).toBe('9');
  });

  async function entrypointOf(lab: Lab): Promise<string> {
    const { Entrypoint } = (await lab.api.getImage(image).inspect()).Config;
    return ([Entrypoint].flat() as string[]).join(' ');
  }

  it('ends with the status of the command, whichever it is', async ({ lab }) => {
    // Node takes its time: a sample.
    const all = image.includes('launcher')
      ? [0, 1, 2, 64, 125, 126, 127, 128, 129, 143, 254, 255]
      : Array.from({ length: 256 }, (_, status) => status);
    const loop = `for status in ${all.join(' ')}; do ${await entrypointOf(lab)} /bin/busybox sh -c "exit $status"; echo $?; done`;
    const { stdout } = await lab.docker('run', '--label', lab.mark, ...flags, image, ...sh, loop);
    expect(stdout.split('\n').map(Number)).toEqual(all);
  });
});
