import type { LogLevel } from '../events.ts';
import type { FlagTexts } from './argv.ts';
import { type LogFormat, variables } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to tell things, needed before the plan is checked; a bad value is left for that to refuse. */
export function logSettings(env: Environment, flags: FlagTexts): { format: LogFormat; level: LogLevel } {
  const format = variables.log.schema.safeParse(flags.log ?? env['OFFSHOOT_LOG']);
  const level = variables.logLevel.schema.safeParse(flags.logLevel ?? env['OFFSHOOT_LOG_LEVEL']);
  return { format: format.success ? format.data : 'auto', level: level.success ? level.data : 'info' };
}
