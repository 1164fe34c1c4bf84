import type { EventStream, RuntimeEvent } from './runtime.ts';

export interface EventBuffer {
  readonly stream: EventStream;
  /** Dropped, and counted, where as many wait already as may. */
  push(event: RuntimeEvent): void;
  /** No more; what waits is still given. */
  end(error?: unknown): void;
}

/** Between one who must not wait and one who may be slow. */
export function eventBuffer(size: number, onClose: () => void): EventBuffer {
  const waiting: RuntimeEvent[] = [];
  let dropped = 0;
  let ended: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  function end(error?: unknown): void {
    ended ??= error === undefined ? {} : { error };
    wake?.();
  }

  function close(): void {
    waiting.length = 0;
    end();
    onClose();
  }

  async function* events(): AsyncGenerator<RuntimeEvent> {
    try {
      for (;;) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else if (ended !== undefined) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      if (ended.error !== undefined) throw ended.error;
    } finally {
      close();
    }
  }
  const iterator = events();

  return {
    push(event) {
      if (ended !== undefined) return;
      if (waiting.length >= size) dropped += 1;
      else waiting.push(event);
      wake?.();
    },
    end,
    stream: {
      get dropped() {
        return dropped;
      },
      close,
      [Symbol.asyncIterator]: () => iterator,
    },
  };
}
