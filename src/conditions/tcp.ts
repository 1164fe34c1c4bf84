import type { Probe } from './probe.ts';

interface Address {
  readonly text: string;
  readonly host: string;
  readonly port: number;
}

/** Somebody listens there: a connection is made, and closed at once. */
export function tcpProbe({ text, host, port }: Address): Probe {
  return {
    text,
    async obstacle(signal) {
      const { connect } = await import('node:net');
      const socket = connect({ host, port, signal });
      try {
        await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
        return undefined;
      } finally {
        socket.on('error', () => {}); // what comes after the answer
        socket.destroy();
      }
    },
  };
}
