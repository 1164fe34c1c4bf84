import { withoutCredentials } from '../credentials.ts';
import { logLevels, type LogLevel, type OffshootEvent, type Reporter } from '../events.ts';
import { createBars, type Terminal } from './bars.ts';
import { jsonLine } from './json.ts';
import { textLine } from './text.ts';

export interface ReporterOptions {
  readonly format: 'text' | 'json';
  /** Events below it are not written. */
  readonly level: LogLevel;
  readonly write: (text: string) => void;
  /** Where there is one: a pull's progress is drawn in text, and drawn again. */
  readonly terminal?: Terminal | undefined;
}

/** A log gets one line of a pull's progress in so long. */
const quietMs = 5_000;

/** No line has a user and a password of an address in it, whoever has said it. */
export function createReporter({ format, level, write, terminal }: ReporterOptions): Reporter {
  const threshold = logLevels.indexOf(level);
  const bars = format === 'text' && terminal !== undefined ? createBars(write, terminal) : undefined;
  const isDue = everySoOften();
  return (event) => {
    if (logLevels.indexOf(event.level) < threshold) return;
    const told = { ...event, message: withoutCredentials(event.message) };
    if (bars !== undefined && isProgress(event)) return bars.draw(told);
    if (!isDue(event)) return;
    const line = format === 'json' ? jsonLine(told, new Date()) : textLine(told);
    if (bars === undefined) write(line);
    else bars.above(line, event.event === 'pull' || event.event === 'error' ? 'clear' : 'keep');
  };
}

function isProgress({ event, phase }: OffshootEvent): boolean {
  return event === 'pull' && phase === 'progress';
}

/** What is no progress is always due. */
function everySoOften(): (event: OffshootEvent) => boolean {
  let last = -Infinity;
  return (event) => {
    const now = performance.now();
    if (isProgress(event) && now - last < quietMs) return false;
    if (event.event === 'pull') last = now;
    return true;
  };
}
