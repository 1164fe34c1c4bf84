import { stripVTControlCharacters } from 'node:util';
import type { LayerPhase, PullProgress } from '../../runtime.ts';

/** `layer-sha256:…:  downloading  |+++---|  1.5 MiB/2.9 MiB`, as nerdctl draws it again and again. */
const row = /^(\S+): +([a-z]+) +\|[-+]*\|(?: +([\d.]+) (\w+)\/([\d.]+) (\w+))?/;

const phases: Readonly<Record<string, LayerPhase>> = {
  waiting: 'waiting',
  downloading: 'downloading',
  // It is unpacked meanwhile, of which nothing is told.
  done: 'downloaded',
  exists: 'present',
};

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

export interface PullTable {
  /** What a line of the table tells that was not told before. */
  read(line: string): PullProgress | undefined;
  /** When all has gone well: what is left to be told of each layer. */
  finish(): PullProgress[];
}

/** Bytes are rounded to tenths of a unit, as the table has them. */
export function pullTable(): PullTable {
  const last = new Map<string, string>();
  const arrived = new Set<string>();
  return {
    read(line) {
      const text = stripVTControlCharacters(line);
      const match = row.exec(text);
      if (match === null) return undefined;
      const [, name = '', status = '', current, currentUnit = '', total, totalUnit = ''] = match;
      const news = [status, current, currentUnit, total, totalUnit].join(' ');
      if (last.get(name) === news) return undefined;
      last.set(name, news);
      const [, kind = '', layer] = /^(\w+)-sha256:([0-9a-f]{12})/.exec(name) ?? [];
      if (layer === undefined || kind !== 'layer')
        return { status: layer === undefined ? status : `${kind} ${status}` };
      const phase = phases[status];
      if (phase === 'downloaded') arrived.add(layer);
      return {
        layer,
        status,
        ...(phase !== undefined && { phase }),
        ...(current !== undefined && { current: bytes(current, currentUnit) }),
        ...(total !== undefined && { total: bytes(total, totalUnit) }),
      };
    },
    finish: () => [...arrived].map((layer) => ({ layer, status: 'complete', phase: 'complete' })),
  };
}

function bytes(amount: string, unit: string): number {
  return Math.round(Number(amount) * (units[unit] ?? 1));
}
