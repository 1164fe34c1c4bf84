import { nearest } from './nearest.ts';
import { isJsonList, parseWords, splitWords, withoutBlanks } from './words.ts';

/** What has to hold before the sibling is started. */
export type Condition = {
  /** As it was written, without what could be a secret. */
  readonly text: string;
} & (
  | {
      readonly kind: 'exited' | 'healthy';
      /** Id or name, or `self`. */
      readonly container: string;
    }
  | {
      readonly kind: 'tcp';
      /** Name or address, without brackets. */
      readonly host: string;
      readonly port: number;
    }
  | { readonly kind: 'http'; readonly url: string }
  | {
      readonly kind: 'file';
      /** Of ours: absolute, or beginning with a dot. */
      readonly path: string;
    }
);

const kinds = ['exited', 'healthy', 'tcp', 'http', 'https', 'file'] as const;
const forms = 'expected exited:self, exited:NAME, healthy:NAME, tcp:HOST:PORT, http://HOST/PATH or file:PATH';

/**
 * The conditions of `exited:self, tcp:db:5432`, or of a JSON array.
 * @throws Error with the problem
 */
export function splitConditions(text: string): readonly string[] {
  if (isJsonList(text)) return parseWords(text);
  const items = splitWords(withoutBlanks(text)).flatMap(splitAtCommas);
  if (items.length === 0) throw new Error(`holds no condition; ${forms}`);
  return items;
}

/** A comma parts two conditions only where another one begins: URLs and paths have commas too. */
function splitAtCommas(text: string): readonly string[] {
  return text.split(/,(?=[A-Za-z]+:)/);
}

/**
 * `exited:self`, `exited:NAME`, `healthy:NAME`, `tcp:HOST:PORT`, `http://HOST/PATH` (also as `http:URL`), `file:PATH`.
 * @throws Error with the problem
 */
export function parseCondition(text: string): Condition {
  const [, kind = '', rest = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case 'exited':
    case 'healthy':
      return { kind, text, container: containerIn(rest) };
    case 'tcp':
      return { kind, text, ...addressIn(rest.replace(/^\/\//, '')) };
    case 'http':
    case 'https': {
      const url = urlIn(rest.startsWith('//') ? text : rest, kind);
      return { kind: 'http', text: shownUrl(url), url: url.href };
    }
    case 'file':
      return { kind, text, path: pathIn(rest) };
    default: {
      const near = kind === '' ? undefined : nearest(kind, kinds);
      throw new Error(`${near === undefined ? '' : `did you mean ${near}:? `}${forms}`);
    }
  }
}

/** Several in one text: each has to be good. */
export function parseConditions(text: string): readonly Condition[] {
  return splitAtCommas(text).map(parseCondition);
}

/** For messages: what a URL asks for may be a secret. */
export function withoutQueries(text: string): string {
  return text.replaceAll(/\?[^,\s"]*/g, '?…');
}

function containerIn(name: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return name;
  throw new Error(
    name === '' ? `names no container; ${forms}` : 'expected the name or the id of a container after the colon',
  );
}

function addressIn(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits = ''] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s/]+)):([^:]*)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (plain !== undefined && !/^\w(?:[\w.-]*\w)?\.?$/.test(plain)))
    throw new Error('expected tcp:HOST:PORT, an IPv6 address in brackets: tcp:[::1]:80');
  if (bracketed !== undefined && !URL.canParse(`http://[${bracketed}]`))
    throw new Error(`[${bracketed}] is no IPv6 address`);
  const port = Number(digits);
  if (!/^\d+$/.test(digits) || port < 1 || port > 65_535)
    throw new Error(`the port ${JSON.stringify(digits)} is none; expected 1 to 65535`);
  return { host, port };
}

function urlIn(text: string, kind: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text))
    throw new Error(`is no URL; expected ${kind}://HOST[:PORT]/PATH`);
  if (url.username !== '' || url.password !== '')
    throw new Error('a URL with a user or a password is not taken: whoever may inspect the waiter could read it');
  if (url.port === '0') throw new Error('the port 0 is none; expected 1 to 65535');
  url.hash = '';
  return url;
}

function shownUrl({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

function pathIn(path: string): string {
  if (!/^(?:\/|\.\.?\/|\.\.?$)/.test(path))
    throw new Error(`${path === '' ? 'names no path' : 'is no path'}; expected one of ours: file:/path or file:./path`);
  return path;
}
