import { describe, expect, inject, it } from 'vitest';
import type { OffshootEvent } from '../../src/events.ts';
import { ensureImage } from '../../src/launch/image.ts';
import { startEngine } from '../../tools/engines/index.ts';
import { eventually } from '../support/lab.ts';
import { onePer } from '../support/one-per.ts';
import { startRegistry } from '../support/registry.ts';
import { connectTo, failureOf, never } from '../support/runtime.ts';

// Each store has words and ways of its own.
const kinds = onePer(inject('engines'), ({ imageStore }) => imageStore);

describe.each(kinds)('a disk that is full, on $kind', ({ kind }) => {
  it('is told at once and not tried again, and nothing is left', async () => {
    const [engine, registry] = await Promise.all([
      startEngine(kind, { diskSize: '24m', dockerdArgs: ['--max-download-attempts', '1'] }),
      startRegistry(),
    ]);
    try {
      await engine.forward(5000, registry.socket);
      const runtime = await connectTo(engine.host);
      // Its transfer does not fit; that of the other does, and what is in it does not.
      for (const [name, size] of [
        ['too/large', 40_000_000],
        ['too/large-unpacked', 14_000_000],
      ] as const) {
        registry.push(name, '1', { layers: [size] });
        const image = `127.0.0.1:5000/${name}:1`;
        const events: OffshootEvent[] = [];
        const request = { image, pull: 'missing', pullTimeoutMs: 60_000, platform: undefined } as const;
        const report = (event: OffshootEvent): void => void events.push(event);
        const error = await failureOf(ensureImage(request, undefined, runtime, { signal: never, env: {}, report }));
        expect(error).toMatchObject({ exitStatus: 66, reason: 'no-space' });
        expect(String(error)).toContain('no space left on device');
        expect((error as { hint: string }).hint).toContain("The engine's disk is full");
        expect(events.filter(({ phase }) => phase === 'retry')).toEqual([]);
        expect(await runtime.inspectImage(image, { signal: never })).toBeUndefined();
      }
      // There is room for another one; containerd takes a moment to throw away what it has begun.
      registry.push('small/enough', '1', { layers: [1_000_000] });
      await eventually(() => runtime.pull('127.0.0.1:5000/small/enough:1', { signal: never }));
    } finally {
      await Promise.all([engine.stop(), registry.close()]);
    }
  });
});
