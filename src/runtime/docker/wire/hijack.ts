import type { Duplex } from 'node:stream';

/** A connection that was a request and is now a pair of streams: the input and the output of a process. */
export interface Hijacked {
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves when the engine takes more. */
  write(data: Uint8Array | string): Promise<void>;
  /** No more input; the output goes on. */
  closeInput(): Promise<void>;
  close(): void;
}

/** Aborted, the socket is destroyed, and whoever reads or writes is rejected with the reason. */
export function hijacked(socket: Duplex, signal: AbortSignal, translated: (error: unknown) => unknown): Hijacked {
  const destroy = (): void => void socket.destroy(signal.reason as Error);
  // Told to who reads or writes, if anybody does.
  socket.on('error', () => {}).on('close', () => signal.removeEventListener('abort', destroy));
  if (signal.aborted) destroy();
  else signal.addEventListener('abort', destroy, { once: true });

  async function* output(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of socket as AsyncIterable<Uint8Array>) yield chunk;
      signal.throwIfAborted();
    } catch (error) {
      throw translated(error);
    }
  }

  return {
    output: output(),
    write: (data) =>
      new Promise((resolve, reject) => {
        socket.write(data, (error) => (error ? reject(translated(error)) : resolve()));
      }),
    closeInput: () => new Promise((resolve) => void socket.end(() => resolve())),
    close: () => void socket.destroy(),
  };
}
