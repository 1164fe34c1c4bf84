import type { CreateRequest } from '../runtime/runtime.ts';
import type { Json } from './members.ts';

const hidden = '…';
/** Where people put passwords and tokens beside variables: routers' users, log collectors' tokens, shares' passwords. */
const concealed: readonly (readonly string[])[] = [
  ['Labels'],
  ['HostConfig', 'Annotations'],
  ['HostConfig', 'LogConfig', 'Config'],
  ['HostConfig', 'Mounts', '*', 'VolumeOptions', 'Labels'],
  ['HostConfig', 'Mounts', '*', 'VolumeOptions', 'DriverConfig', 'Options'],
  ['NetworkingConfig', 'EndpointsConfig', '*', 'DriverOpts'],
];

export interface Concealed {
  readonly request: CreateRequest;
  /** What has values that are not shown, by the engine's names. */
  readonly notes: readonly string[];
}

/** Pure: the request, in which those values are shown as `…`, but for the labels of offshoot itself. */
export function withoutValues(request: CreateRequest): Concealed {
  const notes: string[] = [];
  const conceal = (body: unknown, path: readonly string[], whole: string): unknown => {
    const [name, ...rest] = path;
    if (name === undefined) return hideAll(body, whole);
    if (name === '*' && Array.isArray(body)) return body.map((item) => conceal(item, rest, whole));
    if (!isObject(body)) return body;
    const names = name === '*' ? Object.keys(body) : [name].filter((one) => Object.hasOwn(body, one));
    return { ...body, ...Object.fromEntries(names.map((one) => [one, conceal(body[one], rest, whole)])) };
  };
  const hideAll = (map: unknown, whole: string): unknown => {
    if (!isObject(map)) return map;
    const entries = Object.entries(map).map(([name, value]) => [name, isOwn(name) || !value ? value : hidden] as const);
    if (entries.some(([, value]) => value === hidden))
      notes.push(`${whole}: values are not shown, each is ${hidden} (--show-values)`);
    return Object.fromEntries(entries);
  };
  const body = concealed.reduce<unknown>((all, path) => conceal(all, path, path.join('.')), request.body) as Json;
  const connect = request.connect.map((one) => ({
    ...one,
    endpoint: conceal(one.endpoint, ['DriverOpts'], 'DriverOpts') as Json,
  }));
  return { request: { ...request, body, connect }, notes: [...new Set(notes)] };
}

function isOwn(name: string): boolean {
  return name.startsWith('io.offshoot.');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
