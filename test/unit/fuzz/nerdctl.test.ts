import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { imageRecord, nativeImage } from '../../../src/runtime/nerdctl/read/image.ts';
import { logLines, reasonIn, warningsIn } from '../../../src/runtime/nerdctl/command/log-lines.ts';
import {
  createRefusal,
  isMissing,
  refusal,
  startRefusal,
  unavailable,
} from '../../../src/runtime/nerdctl/command/failures.ts';
import { compatContainer, nativeContainer } from '../../../src/runtime/nerdctl/read/native.ts';
import { read } from '../../../src/runtime/nerdctl/command/read.ts';
import { containerRecord, containerSummary } from '../../../src/runtime/nerdctl/read/record.ts';
import { stateOf } from '../../../src/runtime/nerdctl/read/state.ts';
import { answersOf, imageOf, namesOf, recorded, versions } from '../runtime/nerdctl/recordings.ts';
import { given, mutated, mutations, runs, seed, textOf, withCanaries } from './garbage.ts';

const all = versions.flatMap((version) =>
  namesOf(version).map((name) => {
    const { native, dockercompat } = recorded(version, name);
    const image = imageOf(version, nativeContainer.parse(native[0]).Image);
    return { native: withCanaries(native), compat: withCanaries(dockercompat), image };
  }),
);
const images = versions.map((version): unknown =>
  JSON.parse(answersOf(version)['image-inspect-native']?.stdout ?? '[]'),
);
const givable = ['CHOWN', 'NET_ADMIN', 'SYS_ADMIN'];

describe(`what nerdctl says, seed ${seed}`, { timeout: 60_000 }, () => {
  it('of containers', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), mutations, mutations, ({ native, compat, image }, changes, more) => {
        given(() => {
          const [own] = read('container', JSON.stringify(mutated(native, changes)) ?? '', z.array(nativeContainer));
          const [other] = read('container', JSON.stringify(mutated(compat, more)) ?? '', z.array(compatContainer));
          if (own === undefined || other === undefined) return;
          const found = containerRecord({ native: own, state: stateOf(other), image, givable });
          expect(found).toMatchObject({ id: expect.any(String), name: expect.any(String), labels: expect.any(Object) });
          expect(typeof found.state.running).toBe('boolean');
          expect(containerSummary(own).id).toBe(found.id);
        });
      }),
      runs(600),
    );
  });

  it('of images', () => {
    fc.assert(
      fc.property(fc.constantFrom(...images), mutations, (json, changes) => {
        given(() => {
          const [image] = read('image', JSON.stringify(mutated(json, changes)) ?? '', z.array(nativeImage));
          if (image !== undefined) expect(typeof imageRecord(image).id).toBe('string');
        });
      }),
      runs(300),
    );
  });

  it('when it fails', () => {
    const words = textOf(
      'time="2026-01-01T00:00:00Z" level=fatal msg="no such container: x"',
      'time="2026-01-01T00:00:00Z" level=warning msg="a \\"b\\""',
      'FATA[0000] cannot access containerd socket "/run/containerd/containerd.sock"',
      'exec: "x": executable file not found in $PATH',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 4 }), fc.nat(255), (lines, exitCode) => {
        const stderr = lines.join('\n');
        const answer = { exitCode, stdout: stderr, stderr };
        expect(typeof reasonIn(stderr)).toBe('string');
        expect(typeof isMissing(answer)).toBe('boolean');
        expect(Array.isArray(logLines(stderr)) && Array.isArray(warningsIn(stderr))).toBe(true);
        unavailable(answer);
        for (const error of [refusal(answer, 'x'), createRefusal(answer, 'a', 'b'), startRefusal(answer, 'c')])
          expect(error.message).not.toBe('');
      }),
      runs(500),
    );
  });
});
