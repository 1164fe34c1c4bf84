import type { OffshootEvent } from '../events.ts';

export interface Terminal {
  /** Its width now; 0 or nothing where it does not tell. */
  readonly columns: () => number | undefined;
}

export interface Bars {
  /** Draws a pull's progress in place of what was drawn of it before. */
  draw(event: OffshootEvent): void;
  /** Writes a line where the bars are; `keep` draws them again below it. */
  above(line: string, then: 'keep' | 'clear'): void;
}

/** More layers than that move at once on no engine that is as it was delivered. */
const mostLayers = 5;
const usualWidth = 80;

/**
 * A few lines at the bottom of a terminal, drawn again and again. Nothing of the terminal is changed, so that there is
 * nothing to restore, however we end.
 */
export function createBars(write: (text: string) => void, { columns }: Terminal): Bars {
  let drawn: readonly string[] = [];
  // Up to the first of the lines, and all below it deleted: in one piece, so that nothing flickers.
  const erase = (): string => (drawn.length === 0 ? '' : `\r\u001B[${drawn.length}A\u001B[J`);
  const put = (before: string, lines: readonly string[]): void => {
    write(erase() + before + lines.map((line) => `${line}\n`).join(''));
    drawn = lines;
  };
  return {
    draw: (event) => put('', barLines(event, columns() || usualWidth)),
    above: (line, then) => put(line, then === 'keep' ? drawn : []),
  };
}

interface Part {
  readonly id: string;
  readonly phase: string;
  readonly current: number;
  readonly total: number;
  readonly unpacked?: number;
}

/** One line for the image, and one for each layer that moves; none is wider than the terminal, or it would wrap. */
export function barLines({ message, parts }: OffshootEvent, width: number): string[] {
  const moving = (parts as readonly Part[]).filter(({ phase }) => phase === 'downloading' || phase === 'extracting');
  const more = moving.length - mostLayers;
  const lines = [
    `offshoot: ${message}`,
    ...moving.slice(0, mostLayers).map((part) => layerLine(part, width)),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
  return lines.map((line) => line.slice(0, Math.max(1, width - 1)));
}

const widestBar = 30;

function layerLine({ id, phase, current, total, unpacked }: Part, width: number): string {
  const unpacks = phase === 'extracting';
  const share = unpacks ? unpacked : total > 0 ? Math.min(1, current / total) : undefined;
  const words = `  ${id} ${unpacks ? 'unpacking  ' : 'downloading'}`;
  const numbers = unpacks || total === 0 ? '' : ` ${mebibytes(current)}/${mebibytes(total)} MiB`;
  const room = Math.min(widestBar, width - words.length - numbers.length - 4);
  const bar = share === undefined || room < 5 ? '' : ` [${'='.repeat(Math.floor(room * share)).padEnd(room)}]`;
  return words + bar + numbers;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
