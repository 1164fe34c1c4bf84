import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = new URL('../../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** What a folder may import beside itself: the flow goes one way. Files directly in src are taken by their names. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  plan: ['errors', 'events', 'credentials'],
  runtime: ['credentials', 'errors', 'events', 'timing', 'plan', 'runtime/api', 'runtime/operations'],
  // The words of Docker's API are those in which an override is said, whatever the engine.
  'runtime/nerdctl': ['errors', 'events', 'timing', 'plan', 'runtime', 'runtime/docker'],
  'runtime/docker': ['errors', 'timing', 'plan', 'runtime'],
  'runtime/api': ['runtime'],
  'runtime/operations': ['runtime', 'runtime/api'],
  self: ['errors', 'events', 'timing', 'runtime'],
  clone: ['errors', 'plan', 'runtime'],
  paths: ['errors', 'plan', 'runtime', 'self'],
  policy: ['errors', 'credentials', 'plan', 'runtime', 'clone'],
  conditions: ['errors', 'events', 'timing', 'plan', 'runtime', 'paths'],
  readiness: ['errors', 'events', 'timing', 'plan', 'runtime'],
  // What an adapter knows of places is not said twice; nothing here loads a library.
  host: ['errors', 'events', 'timing', 'plan', 'runtime', 'runtime/docker', 'runtime/nerdctl'],
  registry: ['credentials', 'errors', 'events', 'plan', 'runtime'],
  pull: ['errors', 'events', 'timing', 'plan', 'runtime', 'registry'],
  launch: [
    ...['errors', 'events', 'timing', 'plan', 'runtime', 'self', 'clone', 'paths', 'policy'],
    ...['conditions', 'readiness', 'pull'],
  ],
  render: ['runtime', 'launch'],
  report: ['events', 'credentials'],
  events: [],
  // Without anything of ours, as everybody needs it.
  credentials: [],
  errors: [],
  timing: [],
  exit: ['errors'],
  entrypoint: ['errors', 'plan'],
  index: ['errors', 'events', 'plan', 'runtime', 'self', 'clone', 'host', 'launch', 'library', 'paths', 'policy'],
  library: ['events', 'launch', 'paths', 'plan', 'runtime', 'self'],
  sweep: ['errors', 'events', 'plan', 'runtime', 'launch'],
  verbs: [
    ...['errors', 'events', 'timing', 'plan', 'policy', 'runtime', 'self', 'launch', 'sweep', 'library'],
    ...['verbs/completion', 'verbs/doctor'],
  ],
  'verbs/completion': ['plan'],
  'verbs/doctor': ['errors', 'events', 'plan', 'policy', 'runtime', 'self', 'launch', 'sweep', 'registry'],
  cli: [
    ...['errors', 'events', 'plan', 'policy', 'launch', 'verbs', 'verbs/doctor'],
    ...['report', 'exit', 'entrypoint', 'render'],
  ],
};

function textOf(file: string): string {
  return readFileSync(new URL(file, src), 'utf8');
}

/** Folders in a layer are that layer. */
function layerOf(file: string): string {
  const folder = posix.dirname(file);
  if (folder === '.') return posix.basename(file, '.ts');
  const layers = Object.keys(allowed).filter((layer) => folder === layer || folder.startsWith(`${layer}/`));
  return layers.toSorted((one, other) => other.length - one.length)[0] ?? folder;
}

function importsOf(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
  return specifiers.map((specifier) => posix.join(posix.dirname(file), specifier));
}

describe.each(files)('%s', (file) => {
  it('imports only what its layer may', () => {
    const layer = layerOf(file);
    const others = importsOf(file)
      .map(layerOf)
      .filter((other) => other !== layer);
    // An adapter is loaded when its engine is asked for, by the one file that finds engines.
    const adapters = file === 'runtime/detect.ts' ? ['runtime/docker', 'runtime/nerdctl'] : [];
    expect(others.filter((other) => ![...(allowed[layer] ?? []), ...adapters].includes(other))).toEqual([]);
  });

  it('is small', () => {
    expect(textOf(file).split('\n').length).toBeLessThan(300);
  });
});

it.each(files.filter((file) => file !== 'cli.ts'))('%s does not touch process', (file) => {
  expect(textOf(file)).not.toMatch(/(?<![-\w])process\.\w/);
});

it.each(files.filter((file) => !file.startsWith('runtime/docker/')))('%s knows no engine’s library', (file) => {
  expect(textOf(file)).not.toMatch(/'docker(ode|-modem)'/);
});

it('every adapter is loaded lazily', () => {
  const text = textOf('runtime/detect.ts');
  expect(text).toMatch(/await import\('\.\/docker\/runtime\.ts'\)/);
  expect(text).not.toMatch(/^import (?!type).*docker/m);
});
