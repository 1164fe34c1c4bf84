import { expectTypeOf, it } from 'vitest';
import type { Adapter, CallOptions, Runtime, RuntimeEvent } from '../../src/index.ts';

it('the signal is optional for who calls, and always there for an adapter', () => {
  expectTypeOf<Parameters<Runtime['inspect']>[1]>().toEqualTypeOf<CallOptions | undefined>();
  expectTypeOf<Parameters<Adapter['inspect']>[1]['signal']>().toEqualTypeOf<AbortSignal>();
  expectTypeOf<Runtime>().toExtend<Adapter>();
});

it('results say what may be missing', () => {
  expectTypeOf<Awaited<ReturnType<Runtime['images']['exists']>>>().toEqualTypeOf<boolean>();
  expectTypeOf<Awaited<ReturnType<Runtime['wait']>>>().toEqualTypeOf<{ exitCode: number }>();
  expectTypeOf<Awaited<ReturnType<Runtime['compose']['containerId']>>>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Awaited<ReturnType<Runtime['status']>>>().toExtend<string>();
  expectTypeOf<RuntimeEvent['inferred']>().toEqualTypeOf<true | undefined>();
});
