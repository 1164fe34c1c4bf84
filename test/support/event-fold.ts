import type { EventStream, RuntimeEvent } from '../../src/runtime/runtime.ts';

/** Reads in the background, from now on. */
export interface Told {
  readonly events: readonly RuntimeEvent[];
  /** `start`, `die*` (inferred) … of one container, without kills and others of which nothing follows; `!`: reconnected. */
  storyOf(id: string): string[];
}

const telling = new Set(['create', 'start', 'die', 'destroy', 'pause', 'unpause']);

export function readEvents(stream: EventStream): Told {
  const events: RuntimeEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of stream) events.push(event);
  };
  read().catch(() => {}); // what is missing is seen
  return {
    events,
    storyOf: (id) =>
      events
        .filter((event) => (event.id === id && telling.has(event.action)) || event.type === 'engine')
        .map(({ type, action, inferred }) => (type === 'engine' ? '!' : `${action}${inferred ? '*' : ''}`)),
  };
}
