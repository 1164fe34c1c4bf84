import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = new URL('../../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** What a folder may import beside itself: the flow goes one way. Files directly in src are taken by their names. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  plan: ['errors', 'events'],
  runtime: ['errors', 'events', 'plan'],
  'runtime/docker': ['errors', 'plan', 'runtime'],
  self: ['errors', 'events', 'runtime'],
  clone: ['plan', 'runtime'],
  launch: ['errors', 'events', 'plan', 'runtime', 'self', 'clone'],
  report: ['events'],
  events: [],
  errors: [],
  exit: ['errors'],
  entrypoint: ['errors'],
  index: ['errors', 'events', 'plan', 'runtime', 'self', 'clone', 'launch'],
  cli: ['errors', 'events', 'plan', 'launch', 'report', 'exit', 'entrypoint', 'index'],
};

function layerOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' ? posix.basename(file, '.ts') : folder;
}

function importsOf(file: string): string[] {
  const text = readFileSync(new URL(file, src), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) => posix.join(posix.dirname(file), specifier));
}

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, src), 'utf8');

  it('imports only what its layer may', () => {
    const layer = layerOf(file);
    const others = importsOf(file)
      .map(layerOf)
      .filter((other) => other !== layer);
    // An adapter is loaded when its engine is asked for, by the one file that finds engines.
    const adapters = file === 'runtime/detect.ts' ? ['runtime/docker'] : [];
    expect(others.filter((other) => ![...(allowed[layer] ?? []), ...adapters].includes(other))).toEqual([]);
  });

  it('touches process only where it may', () => {
    if (file !== 'cli.ts') expect(text).not.toMatch(/\bprocess\.\w/);
  });

  it('uses an engine’s library only in its adapter', () => {
    if (!file.startsWith('runtime/docker/')) expect(text).not.toMatch(/'dockerode'/);
  });

  it('is small', () => {
    expect(text.split('\n').length).toBeLessThan(300);
  });
});

it('every adapter is loaded lazily', () => {
  const text = readFileSync(new URL('runtime/detect.ts', src), 'utf8');
  expect(text).toMatch(/await import\('\.\/docker\/runtime\.ts'\)/);
  expect(text).not.toMatch(/^import (?!type).*docker/m);
});
