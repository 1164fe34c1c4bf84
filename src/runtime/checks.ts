import { InvalidArgumentError } from '../errors.ts';
import { parseReference } from '../plan/reference.ts';

/** Looks at one argument. @throws InvalidArgumentError */
export type Check = (field: string, value: unknown) => void;

/** As much of a bad value as helps to find it. */
function shown(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

/** Of what should hold other things no more than its kind: it may be one of these, and a secret. */
function noHolder(field: string, value: unknown, expected: string): InvalidArgumentError {
  return typeof value === 'string'
    ? new InvalidArgumentError(field, `a string: expected ${expected}`)
    : wrong(field, value, expected);
}

function wrong(field: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(field, `${value === undefined ? 'missing' : shown(value)}: expected ${expected}`);
}

function pattern(expression: RegExp, expected: string): Check {
  return (field, value) => {
    if (typeof value !== 'string' || !expression.test(value)) throw wrong(field, value, expected);
  };
}

/** What engines call containers, networks and volumes. Other text could name another path of the API. */
const nameExpression = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
export const name: Check = pattern(
  nameExpression,
  'letters, digits, "_", "." and "-", beginning with a letter or digit',
);
export const container: Check = pattern(nameExpression, 'the id or name of a container');
export const execId: Check = pattern(/^[0-9a-f]{64}$/, 'the id of an exec, 64 hexadecimal digits');
export const signalName: Check = pattern(/^[A-Za-z0-9+-]{1,20}$/, 'a signal: SIGTERM, TERM or 15');
export const absolutePath: Check = pattern(/^\/[^\0]*$/, 'an absolute path');
export const notEmpty: Check = pattern(/^[^\0]+$/, 'a text that is not empty');
export const anyText: Check = pattern(/^[^\0]*$/, 'a text');
export const projectName: Check = pattern(/^[a-z0-9][a-z0-9_-]*$/, 'lower-case letters, digits, "_" and "-"');
export const snapshot: Check = pattern(/^[a-zA-Z0-9][a-zA-Z0-9_.:@/-]{0,254}$/, 'the name of a snapshot');
export const network: Check = pattern(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a range of addresses: 172.30.0.0/16');
export const address: Check = pattern(/^[0-9a-fA-F.:]+$/, 'an IP address');
export const labelValue: Check = (field, value) => {
  if (typeof value !== 'string' && value !== true) throw wrong(field, value, 'a text, or true for any value');
};
export const label: Check = pattern(/^[^\0=]+$/, 'the name of a label');

/** Its value is not for messages. */
export const variable: Check = (field, value) => {
  if (typeof value !== 'string' || !/^[^=\0]+=[^\0]*$/.test(value))
    throw new InvalidArgumentError(field, 'expected NAME=value');
};

/** One without a value takes a variable of the image away. */
export const variableOrName: Check = (field, value) => {
  if (typeof value !== 'string' || !/^[^=\0]+(?:=[^\0]*)?$/.test(value))
    throw new InvalidArgumentError(field, 'expected NAME=value, or NAME');
};

export const image: Check = (field, value) => {
  try {
    parseReference(typeof value === 'string' ? value : '');
  } catch {
    throw wrong(field, value, 'an image: name[:tag][@sha256:digest] with a lower-case name, or an id');
  }
};

/** One that an image can be given: without a digest, and no id. */
export const imageName: Check = (field, value) => {
  image(field, value);
  if (/@/.test(String(value))) throw wrong(field, value, 'name[:tag], without a digest');
};

export const data: Check = (field, value) => {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) throw wrong(field, value, 'a string or Uint8Array');
};

export const bytes: Check = (field, value) => {
  const streamed = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
  if (!(value instanceof Uint8Array) && !streamed)
    throw wrong(field, value, 'a Uint8Array or an async iterable of them');
};

export const dataOrBytes: Check = (field, value) => (typeof value === 'string' ? undefined : bytes(field, value));

export const boolean: Check = (field, value) => {
  if (typeof value !== 'boolean') throw wrong(field, value, 'true or false');
};

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  return (field, value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
    throw new InvalidArgumentError(
      field,
      `${typeof value === 'number' ? value : shown(value)}: expected a whole number${range}`,
    );
  };
}

/** Also less than nothing, and more than a Number counts exactly, as engines have both. */
export const wholeNumber: Check = (field, value) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(field, value, 'a whole number');
};

export const milliseconds: Check = (field, value) => {
  if (typeof value === 'number' && value >= 0) return;
  throw new InvalidArgumentError(
    field,
    `${typeof value === 'number' ? value : shown(value)}: expected milliseconds, 0 or more`,
  );
};

export const date: Check = (field, value) => {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(field, value, 'a valid Date');
};

export const oneOf = (...words: readonly string[]): Check => {
  return (field, value) => {
    if (typeof value !== 'string' || !words.includes(value)) throw wrong(field, value, words.join(', '));
  };
};

export const listener: Check = (field, value) => {
  if (typeof value !== 'function') throw noHolder(field, value, 'a function');
};

export const anything: Check = () => {};

export function optional(check: Check): Check {
  return (field, value) => {
    if (value !== undefined) check(field, value);
  };
}

export function either(first: Check, second: Check): Check {
  return (field, value) => {
    try {
      first(field, value);
    } catch {
      second(field, value);
    }
  };
}

export function list(check: Check, least = 0): Check {
  return (field, value) => {
    if (!Array.isArray(value)) throw noHolder(field, value, 'a list');
    if (value.length < least) throw new InvalidArgumentError(field, `empty: expected at least one`);
    for (const [index, item] of value.entries()) check(`${field}[${index}]`, item);
  };
}

/** A Map would be one without members. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Members that are missing are left to `optional`; those that nobody knows are a mistake. */
export function object(members: Readonly<Record<string, Check>>, { open = false } = {}): Check {
  return (field, value) => {
    if (!isObject(value)) throw noHolder(field, value, 'an object');
    for (const [key, check] of Object.entries(members)) check(`${field}.${key}`, value[key]);
    if (open) return;
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(members, key));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`${field}.${unknown}`, `unknown: expected ${Object.keys(members).join(', ')}`);
  };
}

/** Names and texts. */
export const map: Check = (field, value) => {
  if (!isObject(value)) throw noHolder(field, value, 'an object of texts');
  for (const [key, entry] of Object.entries(value)) {
    if (key === '') throw new InvalidArgumentError(field, 'an empty name');
    if (typeof entry !== 'string') throw noHolder(`${field}.${key}`, entry, 'a text');
  }
};

/** Names, each with what is to be checked. */
export function record(check: Check): Check {
  return (field, value) => {
    if (!isObject(value)) throw noHolder(field, value, 'an object');
    for (const [key, entry] of Object.entries(value)) {
      if (key === '') throw new InvalidArgumentError(field, 'an empty name');
      check(`${field}.${key}`, entry);
    }
  };
}

/** An empty filter would match all, which is hardly what it was made for. */
export const labelFilter: Check = (field, value) => {
  if (!isObject(value)) throw noHolder(field, value, 'an object of labels');
  const entries = Object.entries(value);
  if (entries.length === 0) throw new InvalidArgumentError(field, 'empty: expected at least one label');
  for (const [key, entry] of entries) {
    label(`${field} name`, key);
    labelValue(`${field}.${key}`, entry);
  }
};
