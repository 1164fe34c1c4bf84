import { expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { parseSweeping } from '../../../src/plan/sweeping.ts';

const readFile = (): string => '';

it('leaves what is younger than ten minutes, unless told otherwise', () => {
  const asked = { runtime: 'auto', dryRun: false, olderThanMs: 600_000 };
  expect(parseSweeping({ env: {}, flags: {}, readFile }, undefined)).toMatchObject(asked);
  const flags = { dryRun: 'true', runtime: 'podman' };
  expect(parseSweeping({ env: {}, flags, readFile }, '1h30m')).toMatchObject({
    ...{ runtime: 'podman', dryRun: true, olderThanMs: 5_400_000 },
  });
  expect(parseSweeping({ env: { OFFSHOOT_DRY_RUN: '1' }, flags: {}, readFile }, '0')).toMatchObject({
    ...{ dryRun: true, olderThanMs: 0 },
  });
});

it.each(['', 'old', '-1', '1y', '10 m'])('refuses %j as an age', (olderThan) => {
  const parse = (): unknown => parseSweeping({ env: {}, flags: {}, readFile }, olderThan);
  expect(parse).toThrow(InvalidRequestError);
  expect(parse).toThrow(`--older-than: "${olderThan}": expected seconds`);
});
