import type { TestEngine } from './global-engines.ts';

/** Of the engines of this run the first of each that the key tells apart: for what does not depend on the rest. */
export function onePer(engines: readonly TestEngine[], keyOf: (engine: TestEngine) => string): TestEngine[] {
  const first = new Map(engines.toReversed().map((engine) => [keyOf(engine), engine]));
  return engines.filter((engine) => first.get(keyOf(engine)) === engine);
}

/** `20.10`, `28.5` */
export function releaseOf({ kind }: TestEngine): string {
  return kind.split('-')[1] ?? kind;
}

/** For what depends on where images are kept as well. */
export function releaseAndStoreOf(engine: TestEngine): string {
  return `${releaseOf(engine)} ${engine.imageStore}`;
}
