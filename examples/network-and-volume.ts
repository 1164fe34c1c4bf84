// A service and a client that find each other by name, and a volume that outlives both: network-and-volume.ts IMAGE
// Run it as often as you like: what is there with our labels is used, what is another's is left alone.
import { ConflictError, detectRuntime } from 'offshoot';

const [image = 'busybox'] = process.argv.slice(2);
const runtime = await detectRuntime('auto', process.env);
const labels = { 'com.example.app': 'demo' };
const name = 'offshoot-example';

try {
  await runtime.networks.ensure({ name, labels, mtu: 1400 });
  await runtime.volumes.ensure({ name, labels });
} catch (error) {
  if (error instanceof ConflictError) console.error(`somebody else has a ${name}: ${error.message}`);
  throw error;
}

const one = { image, labels, networkMode: name, binds: [`${name}:/data`] };
const serve = 'echo kept >/data/page; httpd -f -p 80 -h /data';
const server = await runtime.create({
  ...one,
  name: `${name}-server`,
  command: ['sh', '-c', serve],
  networks: { [name]: { aliases: ['shop'] } },
  stopSignal: 'SIGKILL',
});
const ask = 'until wget -qO- http://shop/page; do sleep 0.2; done';
const client = await runtime.create({ ...one, name: `${name}-client`, command: ['sh', '-c', ask] });
try {
  await runtime.start(server.id);
  await runtime.start(client.id);
  const { exitCode } = await runtime.wait(client.id);
  for await (const { data } of await runtime.logs(client.id)) process.stdout.write(data);
  console.log(`the client has ended with ${exitCode}`);
} finally {
  for (const { id } of [client, server]) await runtime.remove(id);
  await runtime.networks.remove(name);
  await runtime.volumes.remove(name);
  await runtime.close();
}
