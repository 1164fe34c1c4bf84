import type { LayerPhase, PullProgress } from '../runtime/runtime.ts';

/** One layer of an image on its way. */
export interface LayerProgress {
  readonly id: string;
  readonly phase: LayerPhase;
  /** Bytes of the transfer, as they travel. */
  readonly current: number;
  /** 0 where it is not known yet. */
  readonly total: number;
  /** While it is unpacked: from 0 to 1, where the engine tells. */
  readonly unpacked?: number;
}

/** How far a pull is. Sums are of the layers that have been told of; engines tell of a size when its transfer begins. */
export interface PullState {
  readonly layers: readonly LayerProgress[];
  /** Layers that were here before. */
  readonly present: number;
  /** Layers that are all there, those included. */
  readonly complete: number;
  /** Bytes. */
  readonly current: number;
  readonly total: number;
}

const order: readonly LayerPhase[] = ['waiting', 'downloading', 'downloaded', 'extracting', 'complete', 'present'];

/** Keeps account of the layers of one try. */
export function trackLayers() {
  const layers = new Map<string, LayerProgress>();
  const said = new Map<string, string>();
  return {
    /** Has it told anything that was not known? An engine may repeat itself for as long as nothing moves. */
    step(progress: PullProgress): boolean {
      const { layer: id = '', status, phase, current = '' } = progress;
      const words = `${status} ${current}`;
      const isNew = said.get(id) !== words;
      said.set(id, words);
      if (id !== '' && phase !== undefined) layers.set(id, advance(layers.get(id), id, phase, progress));
      return isNew;
    },
    /** Is there a layer whose bytes we wait for, or nothing at all yet? Else the engine works for itself. */
    waitsForBytes(): boolean {
      const phases = [...layers.values()].map(({ phase }) => phase);
      return phases.length === 0 || phases.some((phase) => phase === 'waiting' || phase === 'downloading');
    },
    state: (): PullState => stateOf([...layers.values()]),
  };
}

function advance(
  before: LayerProgress | undefined,
  id: string,
  phase: LayerPhase,
  { current, total }: PullProgress,
): LayerProgress {
  const known = before ?? { id, phase, current: 0, total: 0 };
  const furthest = order.indexOf(phase) > order.indexOf(known.phase) ? phase : known.phase;
  // A transfer that is begun again goes back; what is unpacked is counted apart.
  if (phase === 'downloading' && furthest === phase)
    return {
      ...known,
      phase,
      current: current ?? (total === undefined ? known.current : 0),
      total: total ?? known.total,
    };
  if (furthest === 'waiting') return { ...known, phase: furthest };
  const transferred = { ...known, phase: furthest, current: known.total };
  return furthest === 'extracting' && phase === 'extracting' && current !== undefined && total
    ? { ...transferred, unpacked: Math.min(1, current / total) }
    : transferred;
}

function stateOf(layers: readonly LayerProgress[]): PullState {
  const count = (...phases: LayerPhase[]): number => layers.filter(({ phase }) => phases.includes(phase)).length;
  const sum = (field: 'current' | 'total'): number => layers.reduce((all, layer) => all + layer[field], 0);
  return {
    layers,
    present: count('present'),
    complete: count('complete', 'present'),
    current: sum('current'),
    total: sum('total'),
  };
}
