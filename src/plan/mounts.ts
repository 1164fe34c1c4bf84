import { posix } from 'node:path';
import { firstTwice } from './lists.ts';
import { mountFields, type MountField, type MountOption } from './mount-fields.ts';
import { flagValue, modeValue, propagationValue, sizeValue, subpathValue } from './mount-values.ts';

/** A mount that is asked for, beside those that are inherited. */
export interface MountAddition {
  /** As it was written, for messages. */
  readonly text: string;
  readonly type: 'bind' | 'volume' | 'tmpfs';
  /** Of a bind a path of **ours**, absolute or beginning with a dot; of a volume its name, missing for an anonymous one. */
  readonly source?: string | undefined;
  /** Absolute, without a slash at its end. */
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation?: string | undefined;
  readonly nonRecursive?: boolean | undefined;
  readonly noCopy?: boolean | undefined;
  readonly subpath?: string | undefined;
  /** Bytes. */
  readonly tmpfsSize?: number | undefined;
  /** As in chmod: 0o1777. */
  readonly tmpfsMode?: number | undefined;
}

/**
 * What `docker run` takes as -v and as --mount: `./data:/data:ro`, `cache:/cache`, `/anonymous`,
 * `type=bind,source=…,target=…`.
 * @throws Error with the problem
 */
export function parseMount(text: string): MountAddition {
  const fields = mountFields(text);
  const read = <T>(option: MountOption, valueOf: (field: MountField) => T): T | undefined => {
    const field = fields.get(option);
    return field && valueOf(field);
  };
  const type = read('type', typeValue) ?? 'volume';
  for (const [option, { written }] of fields) {
    const [owner = ''] = option.split('-');
    if (option.includes('-') && owner !== type) throw new Error(`${written} belongs to a ${owner}, this is a ${type}`);
  }
  const source = read('source', ({ value = '' }) => value);
  checkSource(type, source);
  if (source === undefined && fields.has('volume-subpath')) throw new Error('volume-subpath needs source=VOLUME');
  return {
    text,
    type,
    source,
    target: parseTarget(read('target', ({ value }) => value)),
    readOnly: read('readonly', flagValue) ?? false,
    propagation: read('bind-propagation', propagationValue),
    nonRecursive: read('bind-nonrecursive', flagValue),
    noCopy: read('volume-nocopy', flagValue),
    subpath: read('volume-subpath', subpathValue),
    tmpfsSize: read('tmpfs-size', sizeValue),
    tmpfsMode: read('tmpfs-mode', modeValue),
  };
}

function typeValue({ value = '' }: MountField): MountAddition['type'] {
  if (value === 'bind' || value === 'volume' || value === 'tmpfs') return value;
  throw new Error(`type=${value} is not known here; expected bind, volume or tmpfs`);
}

function checkSource(type: MountAddition['type'], source: string | undefined): void {
  if (type === 'tmpfs' && source !== undefined)
    throw new Error('source belongs to a bind or a volume, this is a tmpfs');
  if (type === 'bind' && !/^[/.]/.test(source ?? '')) {
    throw new Error(`the source ${JSON.stringify(source ?? '')} is no path; expected one of ours: /path or ./path`);
  }
  if (type === 'volume' && source !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source)) {
    const hint = /^[/.]/.test(source)
      ? 'type=bind takes a path'
      : 'two or more of a-z A-Z 0-9 _ . -, or a path: /path or ./path';
    throw new Error(`the source ${JSON.stringify(source)} is no name of a volume; expected ${hint}`);
  }
}

function parseTarget(text: string | undefined): string {
  if (text === undefined) throw new Error('has no target; expected target=/path');
  const target = posix.normalize(text).replace(/(?<=.)\/$/, '');
  if (!text.startsWith('/')) throw new Error(`the target ${JSON.stringify(text)} is no absolute path`);
  if (target === '/') throw new Error('the target is /, where the image is; expected a path below it');
  return target;
}

/** @throws Error where two want the same place */
export function mergeMounts(mounts: readonly MountAddition[]): readonly MountAddition[] {
  const twice = firstTwice(mounts, ({ target }) => target);
  if (twice !== undefined) throw new Error(`the target ${twice.target} is given twice`);
  return mounts;
}
