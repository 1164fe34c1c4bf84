/** Names under which drivers of logs, volumes and networks take passwords and tokens, beside much that is none. */
const maps = new Set(['config', 'driverOpts', 'labels', 'options']);
const withMaps = new Set(['logConfig', 'mounts', 'networks']);

/** A setting as people may see it: which options there are, not their values. */
export function withoutSecrets(setting: string, value: unknown): unknown {
  if (setting === 'annotations') return hideAll(value);
  return withMaps.has(setting) ? withoutMaps(value) : value;
}

function withoutMaps(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    maps.has(name) && isMap(member) ? hideAll(member) : withoutMaps(member),
  ]);
  return Object.fromEntries(entries) as unknown;
}

function hideAll(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, member === '' ? '' : '…']));
}

/** Of texts, as all that has secrets in it is. */
function isMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
