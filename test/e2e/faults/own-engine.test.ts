import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type Engine, startEngine } from '../../../tools/engines/index.ts';
import { buildImages } from '../../../tools/image.ts';
import { onePer, releaseOf } from '../../support/one-per.ts';
import { importBusybox } from '../../support/payload-image.ts';
import { liveRestoreTests } from './live-restore.ts';
import { sweepTests } from './sweep.ts';

/** One has to do: each costs as much as all its tests. */
const newest = onePer(inject('engines'), releaseOf).slice(-1);

describe.each(newest)('$kind with --live-restore', ({ kind }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(kind, { dockerdArgs: ['--live-restore'] });
    await importBusybox(engine);
    await buildImages({ dockerHost: engine.host, pull: false, report: () => {} });
  });
  afterAll(() => engine.stop());

  describe('a sweep', () => {
    sweepTests(() => engine);
  });
  describe('an engine that goes away', () => {
    liveRestoreTests(() => engine);
  });
});
