import type { Runtime } from './runtime.ts';

/** What people type before `logs` or `rm`. */
export function commandLineOf({ kind, commandLine = kind }: Pick<Runtime, 'kind' | 'commandLine'>): string {
  return commandLine;
}
