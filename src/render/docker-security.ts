import type { Members } from './members.ts';
import type { Said } from './docker-rules.ts';
import { note } from './rendering.ts';

export interface Security {
  readonly said: readonly Said[];
  /** A seccomp profile: the command line reads it from a file, here its standard input. */
  readonly profile: string | undefined;
}

export function dockerSecurity(host: Members): Security {
  const options = host.texts('SecurityOpt') ?? [];
  const profile = options.map(profileOf).find((found) => found !== undefined);
  const said = options.map((option) => ({
    flag: '--security-opt',
    value: profileOf(option) === undefined ? option : 'seccomp=/dev/stdin',
  }));
  return { said: [...said, ...dockerPaths(host)], profile };
}

function profileOf(option: string): string | undefined {
  return /^seccomp[=:](\s*\{.*)$/s.exec(option)?.[1];
}

/** All or nothing: with one option neither list has anything in it. */
function dockerPaths(host: Members): Said[] {
  const names = ['MaskedPaths', 'ReadonlyPaths'] as const;
  const lists = names.map((name) => host.texts(name));
  if (lists.every((list) => list?.length === 0)) return [{ flag: '--security-opt', value: 'systempaths=unconfined' }];
  return names
    .filter((_, at) => lists[at] !== undefined)
    .map((name) => note(host.pathOf(name), 'docker run can only lift all restrictions of paths, or none'));
}
