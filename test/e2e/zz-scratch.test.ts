import { describe, expect, inject, it } from 'vitest';
import { casesOn, createCase, stageOn } from '../support/setting-cases.ts';
describe.each(inject('engines'))('on $kind', { concurrent: true }, (engine) => {
  for (const image of ['offshoot:dev', 'offshoot-test/busybox:1'])
  it.for(casesOn(engine))(`${image} $name`, async (one) => {
    const stage = await stageOn(engine);
    try {
      await one.prepare?.(stage);
      const id = await createCase(stage, one, { name: 'a', image });
      const started = await stage.lab.docker('start', id);
      if (one.unstartable) expect(started.exitCode).not.toBe(0);
      else {
        expect(started).toMatchObject({ exitCode: 0 });
        const { State } = await stage.lab.inspect(id);
        expect(State, JSON.stringify(await stage.lab.logs(id))).toMatchObject({ Running: true });
      }
    } finally { await stage.cleanUp(); }
  });
});
