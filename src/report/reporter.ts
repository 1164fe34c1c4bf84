import { withoutCredentials } from '../credentials.ts';
import { logLevels, type LogLevel, type Reporter } from '../events.ts';
import { jsonLine } from './json.ts';
import { textLine } from './text.ts';

export interface ReporterOptions {
  readonly format: 'text' | 'json';
  /** Events below it are not written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

/** No line has a user and a password of an address in it, whoever has said it. */
export function createReporter({ format, level, write }: ReporterOptions): Reporter {
  const threshold = logLevels.indexOf(level);
  return (event) => {
    if (logLevels.indexOf(event.level) < threshold) return;
    const told = { ...event, message: withoutCredentials(event.message) };
    write(format === 'json' ? jsonLine(told, new Date()) : textLine(told));
  };
}
