import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { dockerOf } from '../support/docker.ts';
import { figure } from '../support/figure.ts';
import type { TestEngine } from '../support/global-engines.ts';
import type { LargeReading } from '../support/large-reader.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { connectTo } from '../support/runtime.ts';

const reader = fileURLToPath(new URL('../support/large-reader.ts', import.meta.url));
const isLarge = process.env['OFFSHOOT_TEST_LARGE'] === '1';
const mebi = 1024 * 1024;
const bytes = (isLarge ? 1024 : 64) * mebi;
const pauseMs = isLarge ? 3_000 : 500;
const minutes = 60_000;

const engines = onePer(inject('allEngines'), releaseOf);
const ways = ['exec', 'logs', 'follow'] as const;
// Each way once on Docker, and what makes a difference elsewhere. Podman tells a followed log to who is slow with gaps.
const rows = engines.flatMap((engine, at) =>
  ways
    .filter((way) => isLarge || at === 0 || way === 'exec')
    .filter((way) => way !== 'follow' || !engine.kind.startsWith('podman'))
    .map((way) => ({ kind: engine.kind, way, engine })),
);

describe(`${bytes / mebi} MiB, by a reader that rests first`, () => {
  it.each(rows)(
    'through $way of $kind come as they were written, in constant memory',
    async ({ engine, way, kind }) => {
      const id = await containerOn(engine, way);
      const { stdout } = await execa(process.execPath, [
        '--expose-gc',
        reader,
        engine.host,
        way,
        id,
        `${bytes}`,
        `${pauseMs}`,
      ]);
      const reading = JSON.parse(stdout) as LargeReading;
      figure(`${bytes / mebi} MiB by ${way} of ${kind}: ${stdout}`);
      expect(reading).toMatchObject({ bytes, asWritten: true });
      expect(reading.restingMiB).toBeLessThan(8);
      expect(reading.liveMiB).toBeLessThan(32);
      // What is garbage waits to be collected.
      expect(reading.rssMiB).toBeLessThan(128);
    },
    isLarge ? 10 * minutes : undefined,
  );
});

/** For `logs` it has said all of it, for `follow` it has just begun. */
async function containerOn(engine: TestEngine, way: 'exec' | 'logs' | 'follow'): Promise<string> {
  const { mark } = dockerOf(engine);
  const runtime = await connectTo(engine.host);
  const image = `${engine.kind.startsWith('podman') ? 'docker.io/' : ''}offshoot-test/busybox:1`;
  const says = `yes "$(head -c 8191 /dev/zero | tr '\\0' x)" | head -c ${bytes}`;
  const command = way === 'exec' ? ['sleep', '600'] : ['sh', '-c', says];
  const { id } = await runtime.create({
    name: `${mark}-${way}`,
    image,
    labels: { [mark]: '' },
    command,
    networkMode: 'none',
  });
  onTestFinished(async () => {
    await runtime.remove(id);
    await runtime.close();
  });
  await runtime.start(id);
  if (way === 'logs') await runtime.wait(id);
  return id;
}

// oxlint-disable-next-line vitest/expect-expect -- a file without a test fails
it('has engines to be kept on', ({ skip }) => skip(engines.length === 0, 'only others were asked for'));
