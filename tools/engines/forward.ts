// node forward.ts PORT SOCKET: runs inside an engine's world, where it answers on 127.0.0.1:PORT and passes every
// connection on to a unix socket. A world has a network of its own but the files of this machine, so this is how an
// engine reaches a server of a test (a registry that misbehaves, say).
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [port, socket = ''] = process.argv.slice(2);

createServer({ allowHalfOpen: true }, (client) => {
  const server = connect({ path: socket, allowHalfOpen: true });
  // A side that fails ends the other too; that is all there is to say about it.
  pipeline(client, server, () => {});
  pipeline(server, client, () => {});
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
