type Words = readonly string[];

/** Entrypoint and command; a missing one is the image's own, or none. */
export interface Process {
  readonly entrypoint?: Words | undefined;
  readonly command?: Words | undefined;
}

export interface CommandInput {
  readonly own: Process;
  /** What self's image gives; `undefined` where the engine does not tell. */
  readonly ofOwnImage: Process | undefined;
  readonly sameImage: boolean;
  /** What the user asks for. */
  readonly asked: Process;
  /** The paths by which somebody can name the launcher. */
  readonly launcherPaths: readonly string[];
}

/**
 * Entrypoint and command belong together: an image's command is an argument of its own entrypoint. What self only had
 * from its image does not travel to another one; what somebody gave self as arguments does.
 */
export function cloneCommand(input: CommandInput): Process {
  const { ofOwnImage, sameImage, asked, launcherPaths } = input;
  // Self was told to launch: that was said to the launcher, not to the sibling, which would launch for ever.
  const own = isLaunch(input) ? (ofOwnImage ?? {}) : { ...input.own, entrypoint: input.own.entrypoint ?? [] };
  const ownEntrypoint = ofOwnImage !== undefined && equalWords(own.entrypoint, ofOwnImage.entrypoint);
  // Where somebody replaced the entrypoint, the command is for that, even when it equals the image's.
  const ownCommand = ownEntrypoint && equalWords(own.command, ofOwnImage.command);
  const given = ownCommand ? undefined : own.command;

  if (sameImage) {
    return {
      // Said even when it is empty: a missing entrypoint would be the image's, which somebody may have cleared.
      entrypoint: asked.entrypoint ?? own.entrypoint,
      // As in `docker run --entrypoint`, the image's command is not an argument of another entrypoint.
      command: asked.command ?? (asked.entrypoint === undefined ? own.command : given),
    };
  }
  return {
    entrypoint: asked.entrypoint ?? (ownEntrypoint ? undefined : withoutLauncher(own.entrypoint, launcherPaths)),
    command: asked.command ?? withoutLauncher(withoutTerminator(given, own.entrypoint), launcherPaths),
  };
}

/** The verb is the launcher's own: what follows its entrypoint.sh is a command of the image. */
/** The launcher alone takes the image's words after this, as some are called like its own verbs. */
function withoutTerminator(words: Words | undefined, entrypoint: Words = []): Words | undefined {
  return words?.[0] === '--' && isLauncher.test(entrypoint.at(-1) ?? '') ? words.slice(1) : words;
}

const isLauncher = /(?:^|\/)offshoot$/;
const verbs = ['launch', 'plan'];

function isLaunch({ own: { entrypoint = [], command = [] }, launcherPaths }: CommandInput): boolean {
  const words = [...entrypoint, ...command].filter((word) => word !== '');
  const first = words.findIndex((word) => word !== 'offshoot' && !launcherPaths.includes(word));
  return verbs.includes(words[first] ?? '') && isLauncher.test(words[first - 1] ?? '');
}

/** A template may name the launcher itself in front; another image has none, and its own counts then. */
function withoutLauncher(words: Words | undefined, launcherPaths: readonly string[]): Words | undefined {
  const first = words?.findIndex((word) => !launcherPaths.includes(word)) ?? 0;
  return first === -1 && words?.length !== 0 ? undefined : words?.slice(Math.max(0, first));
}

function equalWords(left: Words | undefined, right: Words | undefined): boolean {
  return JSON.stringify(left ?? []) === JSON.stringify(right ?? []);
}
