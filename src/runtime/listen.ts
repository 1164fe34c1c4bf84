import type { Listener } from './runtime.ts';

const kept = 128;

/** Gives a listener its events one at a time; while it is busy a few wait, and of the others only how many there were is known. */
export interface Told<T> {
  tell(event: T): void;
  /** Resolves when it has got what waits. Rejects with what it has thrown. */
  finish(): Promise<void>;
  readonly dropped: number;
}

export function tellSlowly<T extends object>(listener: Listener<T> | undefined): Told<T> {
  const waiting: T[] = [];
  let dropped = 0;
  let sinceLast = 0;
  let busy: Promise<void> | undefined;

  async function work(listen: Listener<T>): Promise<void> {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const told = { ...event, dropped: sinceLast };
      sinceLast = 0;
      await listen(told);
    }
    busy = undefined;
  }

  return {
    tell(event) {
      if (listener === undefined) return;
      if (waiting.length >= kept) {
        dropped += 1;
        sinceLast += 1;
        return;
      }
      waiting.push(event);
      if (busy !== undefined) return;
      busy = work(listener);
      busy.catch(() => {}); // told by finish
    },
    async finish() {
      await busy;
    },
    get dropped() {
      return dropped;
    },
  };
}
