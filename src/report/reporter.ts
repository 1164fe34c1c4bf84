import { logLevels, type LogLevel, type Reporter } from '../events.ts';
import { jsonLine } from './json.ts';
import { textLine } from './text.ts';

export interface ReporterOptions {
  readonly format: 'text' | 'json';
  /** Events below it are not written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

export function createReporter({ format, level, write }: ReporterOptions): Reporter {
  const threshold = logLevels.indexOf(level);
  return (event) => {
    if (logLevels.indexOf(event.level) < threshold) return;
    write(format === 'json' ? jsonLine(event, new Date()) : textLine(event));
  };
}
