/** Not more than so many at once; the others wait, first come, first served. */
export interface Turns {
  /** Resolves with what ends the turn. Rejects with the signal's reason when that is aborted before it is our turn. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(most: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];

  function release(): void {
    running -= 1;
    waiting.shift()?.();
  }

  async function take(signal: AbortSignal): Promise<() => void> {
    if (running < most) {
      running += 1;
      return release;
    }
    await nextIn(waiting, signal);
    if (!signal.aborted) return take(signal);
    // It may have been our turn, and we do not want it any more.
    if (running < most) waiting.shift()?.();
    throw signal.reason;
  }

  return { take };
}

async function nextIn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    const leave = (): void => {
      const at = waiting.indexOf(resolve);
      if (at >= 0) waiting.splice(at, 1);
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
  });
}
