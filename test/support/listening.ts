import { once } from 'node:events';
import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net';

export interface Listening {
  /** Of a server on 127.0.0.1. */
  readonly port: number;
  /** Connections that are open now. */
  open(): number;
  /** Ends all connections as well. */
  close(): Promise<void>;
}

/** Starts a server, and keeps account of its connections. */
export async function listening(server: Server, where: ListenOptions): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // whoever cut it knows
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(where);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
