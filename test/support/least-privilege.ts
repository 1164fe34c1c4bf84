import { readFileSync } from 'node:fs';
import { httpAnswer, startProxy } from './engine-proxy.ts';

/** A row of the README's table: what a feature needs of the engine. */
export interface Need {
  readonly feature: string;
  /** `POST /containers/{id}/start` */
  readonly calls: readonly string[];
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const table = /<!-- calls: [^\n]*-->\n\n(?<rows>[^]*?)\n\n<!-- \/calls -->/.exec(readme)?.groups?.['rows'] ?? '';

export const needs: readonly Need[] = table
  .split('\n')
  .slice(2)
  .map((row) => {
    const [feature = '', calls = ''] = row.split('|').slice(1, -1);
    return { feature: feature.trim(), calls: [...calls.matchAll(/`((?:GET|HEAD|POST|DELETE) \/[^`]+)`/g)].map(callIn) };
  });

function callIn([, call = '']: RegExpMatchArray): string {
  return call;
}

/** The listed call that this request is, `GET /v1.51/containers/x/json?all=1`. */
export function callOf(request: string, calls: readonly string[]): string | undefined {
  return calls.find((call) => patternOf(call).test(request));
}

/** `{name}` may have slashes, as those of images do; every path may begin with a version. */
function patternOf(call: string): RegExp {
  const [method = '', path = ''] = call.split(' ');
  const parts = path.replaceAll('{id}', '[^/?]+').replaceAll('{name}', '[^?]+');
  return new RegExp(`^${method} (?:/v[0-9.]+)?${parts}(?:\\?|$)`);
}

export interface Guard {
  readonly socket: string;
  /** Those of the list that were made. */
  made(): ReadonlySet<string>;
  /** What was asked beyond it. */
  refused(): readonly string[];
  close(): Promise<void>;
}

/** A socket before an engine's that passes these calls on, untouched, and answers 403 to all others. */
export async function guard(engineSocket: string, allowed: readonly string[]): Promise<Guard> {
  const proxy = await startProxy(engineSocket);
  proxy.rule((request) =>
    callOf(request, allowed) === undefined ? { answer: httpAnswer(403, 'text/plain', 'Forbidden\n') } : undefined,
  );
  return {
    socket: proxy.host.slice('unix://'.length),
    made: () => new Set(proxy.requests.map((request) => callOf(request, allowed)).filter((call) => call !== undefined)),
    refused: () => proxy.requests.filter((request) => callOf(request, allowed) === undefined),
    close: proxy.close,
  };
}
