import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/runtime/docker/connect/candidates.ts';
import { chosenContext, readContext } from '../../../src/runtime/docker/connect/contexts.ts';
import { demultiplex } from '../../../src/runtime/docker/wire/frames.ts';
import { jsonLines } from '../../../src/runtime/docker/wire/json-lines.ts';
import { temporaryFolder } from '../../support/fake-engine.ts';
import { canary, given, givenLater, mutated, mutations, runs, seed, textOf } from './garbage.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 });

async function* pieces(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(at, (at += size));
  }
}

function frame(stream: number, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

describe(`streams of engines, seed ${seed}`, { timeout: 60_000 }, () => {
  it('of output, in good frames and in garbage', async () => {
    const bytes = fc.uint8Array({ maxLength: 30 }).map((data) => Buffer.from(data));
    const part = fc.oneof(
      fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 255), bytes).map(([stream, data]) => frame(stream, data)),
      bytes,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), sizes, async (parts, lengths) => {
        const all = Buffer.concat(parts);
        let length = 0;
        await givenLater(async () => {
          for await (const { stream, data } of demultiplex(pieces(all, lengths))) {
            expect(['stdout', 'stderr']).toContain(stream);
            length += data.length;
          }
        });
        // Nothing is made up.
        expect(length).toBeLessThanOrEqual(all.length);
      }),
      runs(150),
    );
  });

  it('of JSON lines, which are the same however they arrive, or end with an error', async () => {
    const line = fc.oneof(fc.json(), textOf('{"status":"x"}', '{"error":"y"}', '\r', ''), fc.constant('{"a":"ä🥊"}'));
    const read = async (bytes: Buffer, lengths: readonly number[]): Promise<unknown[] | 'broken'> => {
      const values: unknown[] = [];
      try {
        for await (const value of jsonLines(pieces(bytes, lengths))) values.push(value);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(error).not.toBeInstanceOf(TypeError);
        return 'broken';
      }
      return values;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), sizes, async (lines, lengths) => {
        const bytes = Buffer.from(lines.join('\n'));
        expect(await read(bytes, lengths)).toEqual(await read(bytes, [bytes.length || 1]));
      }),
      runs(150),
    );
  });
});

describe(`settings of Docker's command line, seed ${seed}`, { timeout: 60_000 }, () => {
  it('are addresses or none', async () => {
    const folder = await temporaryFolder();
    const id = createHash('sha256').update('remote').digest('hex');
    const meta = join(folder, 'contexts/meta', id);
    mkdirSync(meta, { recursive: true });
    const config = { auths: { 'a.io': { auth: canary } }, currentContext: 'remote', credsStore: 'x' };
    const context = { Name: 'remote', Endpoints: { docker: { Host: `tcp://u:${canary}@h:1`, SkipTLSVerify: false } } };
    const env = { DOCKER_CONFIG: folder, HOME: folder };
    const broken = textOf(JSON.stringify(config), JSON.stringify(context));
    fc.assert(
      fc.property(mutations, mutations, fc.option(broken), (ofConfig, ofContext, text) => {
        writeFileSync(join(folder, 'config.json'), text ?? JSON.stringify(mutated(config, ofConfig)) ?? '');
        writeFileSync(join(meta, 'meta.json'), text ?? JSON.stringify(mutated(context, ofContext)) ?? '');
        const chosen = given(() => chosenContext(env));
        if (chosen !== undefined) expect(typeof chosen.name).toBe('string');
        const read = given(() => readContext('remote', env));
        if (read !== undefined) expect(typeof read.host).toBe('string');
        for (const candidate of given(() => [...candidates('auto', env)]) ?? []) given(() => candidate.endpoint());
      }),
      runs(300),
    );
  });
});
