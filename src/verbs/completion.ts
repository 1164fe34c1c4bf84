import { bash } from './completion/bash.ts';
import { fish } from './completion/fish.ts';
import { zsh } from './completion/zsh.ts';
import type { RunVerb } from './context.ts';

const writers: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** A script for the shell to read: `source <(offshoot completion bash)`. */
export const completion: RunVerb = async ({ words: [shell = ''] }, { write }) => {
  await write(writers[shell]?.() ?? '');
  return 0;
};
