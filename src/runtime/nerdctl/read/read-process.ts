import type { ContainerSettings, ImageConfig } from '../../container.ts';
import type { NativeContainer } from './native.ts';
import { defined } from './read-limits.ts';

type ProcessSettings = Pick<
  ContainerSettings,
  'env' | 'entrypoint' | 'command' | 'workingDir' | 'user' | 'groupAdd' | 'tty' | 'init'
>;

/** What runs in it, and as whom; `image` takes the process apart, which containerd keeps as one list of words. */
export function readProcess(container: NativeContainer, image: ImageConfig): ProcessSettings {
  const { process: main } = container.Spec;
  const init = initOfSpec(container.Spec);
  const { uid, gid, additionalGids } = main.user;
  const numbers = uid === 0 && gid === 0 ? undefined : `${uid}:${gid}`;
  const groups = additionalGids.filter((group) => group !== gid && group !== 0).map(String);
  return defined({
    env: envOf(container, image),
    ...wordsOf(init ? main.args.slice(initWords.length) : main.args, entrypointOf(container, image)),
    workingDir: main.cwd === (image.workingDir ?? '/') ? image.workingDir : main.cwd,
    user: container.Labels['nerdctl/user'] ?? image.user ?? numbers,
    groupAdd: groups.length > 0 ? groups : undefined,
    tty: main.terminal || undefined,
    init: init || undefined,
  });
}

function mainOf({ process: main }: NativeContainer['Spec']): NativeContainer['Spec']['process'] {
  return main;
}

const initWords = ['/sbin/tini', '--'];

function initOfSpec({ process: main, mounts }: NativeContainer['Spec']): boolean {
  return (
    initWords.every((word, at) => main.args[at] === word) &&
    mounts.some(({ destination }) => destination === initWords[0])
  );
}

/** The annotation by which we tell how many of the words are the entrypoint, of what we make ourselves. */
export const wordsOfEntrypoint = 'io.offshoot.entrypoint-words';

function entrypointOf({ Spec }: NativeContainer, { entrypoint = [] }: ImageConfig): readonly string[] {
  const count = Number(Spec.annotations[wordsOfEntrypoint] ?? 0);
  if (!(count > 0)) return entrypoint;
  const { args } = mainOf(Spec);
  return args.slice(initOfSpec(Spec) ? initWords.length : 0).slice(0, count);
}

/**
 * Where the words begin with the image's entrypoint, that is it. Of another entrypoint nothing tells how many words it
 * has: all the words are the command then, of no entrypoint, which is the same process.
 */
function wordsOf(words: readonly string[], entrypoint: readonly string[]): ProcessSettings {
  const isOfImage = entrypoint.every((word, at) => words[at] === word);
  if (entrypoint.length === 0) return { command: words };
  if (isOfImage) return defined({ entrypoint, command: orUndefined(words.slice(entrypoint.length)) });
  return { entrypoint: [], command: words };
}

function orUndefined<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Without what nerdctl adds: the host's name last of all, and the kind of terminal where there is one. */
function envOf({ Spec, Labels }: NativeContainer, image: ImageConfig): readonly string[] {
  const { env, terminal } = Spec.process;
  const names = [Spec.hostname, Labels['nerdctl/hostname'], ''];
  const last = env.at(-1);
  const named = names.some((name) => last === `HOSTNAME=${name ?? ''}`);
  const own = named ? env.slice(0, -1) : env;
  const termOfImage = image.env?.some((entry) => entry.startsWith('TERM=')) ?? false;
  return terminal && !termOfImage ? own.filter((entry) => entry !== 'TERM=xterm') : own;
}
