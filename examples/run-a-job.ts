// A job in a container of its own: its files go in, its output is read while it runs, its result comes out.
// run-a-job.ts IMAGE
import { detectRuntime } from 'offshoot';

const [image = 'busybox'] = process.argv.slice(2);
const signal = AbortSignal.timeout(60_000);
const runtime = await detectRuntime('auto', process.env, { signal });

const { image: found } = await runtime.images.pull(image, { policy: 'missing', signal });
const name = `job-${process.pid}`;
const { id } = await runtime.create(
  {
    name,
    image: found.id,
    command: ['sh', '-c', 'while read -r line; do echo "$line" | tr a-z A-Z; done </tmp/in | tee /tmp/out; exit 3'],
    networkMode: 'none',
    memory: 64 * 1024 * 1024,
    pidsLimit: 32,
  },
  { signal },
);
try {
  await runtime.writeFile(id, '/tmp/in', 'hello\nworld\n', { signal });
  await runtime.start(id, { signal });
  for await (const { stream, data } of await runtime.logs(id, { follow: true, signal })) process[stream].write(data);

  // A status is data, not an error.
  const { exitCode } = await runtime.wait(id, { signal });
  const out = Buffer.from(await runtime.readFile(id, '/tmp/out', { signal }));
  console.log(`${name} has ended with ${exitCode}, and has written ${out.length} bytes`);
} finally {
  await runtime.remove(id);
  await runtime.close();
}
