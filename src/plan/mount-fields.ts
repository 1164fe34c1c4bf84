import { cutField, splitFields } from './csv.ts';
import { nearest } from './nearest.ts';

/** The options that a mount can have: `docker --mount`'s. Those that only one type has begin with its name. */
const mountOptions = [
  'type',
  'source',
  'target',
  'readonly',
  'bind-propagation',
  'bind-nonrecursive',
  'volume-nocopy',
  'volume-subpath',
  'tmpfs-size',
  'tmpfs-mode',
] as const;
export type MountOption = (typeof mountOptions)[number];

export interface MountField {
  /** As it was written, for messages. */
  readonly written: string;
  readonly value: string | undefined;
}
export type MountFields = ReadonlyMap<MountOption, MountField>;

const otherNames: Readonly<Record<string, MountOption>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
};

/**
 * The options of a mount, of both forms: `type=…,source=…,target=…` and `SOURCE:TARGET[:OPTIONS]`.
 * @throws Error with the problem
 */
export function mountFields(text: string): MountFields {
  const fields = new Map<MountOption, MountField>();
  for (const [option, field] of /^[a-z-]+(?:,[a-z-]+)*=/.test(text) ? longForm(text) : shortForm(text)) {
    const other = fields.get(option);
    if (other?.written === field.written) throw new Error(`${field.written} is given twice`);
    if (other !== undefined) throw new Error(`${other.written} and ${field.written} are given; expected one of them`);
    fields.set(option, field);
  }
  return fields;
}

type Entry = readonly [MountOption, MountField];

function longForm(text: string): readonly Entry[] {
  return splitFields(text).map((field): Entry => {
    const [written, value] = cutField(field);
    const option = otherNames[written] ?? mountOptions.find((name) => name === written);
    if (option !== undefined) return [option, { written, value }];
    const near = nearest(written, [...mountOptions, ...Object.keys(otherNames)]);
    const hint = near === undefined ? `expected some of ${mountOptions.join(', ')}` : `did you mean ${near}?`;
    throw new Error(`${written} is no option of a mount here; ${hint}`);
  });
}

function shortForm(text: string): readonly Entry[] {
  const parts = text.split(':');
  const [first = '', target = first, options] = parts;
  if (parts.length > 3) throw new Error('has too many colons; expected SOURCE:TARGET[:OPTIONS], or type=…,target=…');
  const entries: Entry[] = [['target', { written: 'target', value: target }]];
  if (parts.length > 1) {
    const type = /^[/.]/.test(first) ? 'bind' : 'volume';
    entries.push(['type', { written: 'type', value: type }], ['source', { written: 'source', value: first }]);
  }
  return [...entries, ...(options?.split(',') ?? []).map(shortOption)];
}

function shortOption(written: string): Entry {
  if (written === 'ro' || written === 'rw') return ['readonly', { written, value: String(written === 'ro') }];
  if (written === 'nocopy') return ['volume-nocopy', { written, value: 'true' }];
  if (/^r?(?:private|shared|slave)$/.test(written)) return ['bind-propagation', { written, value: written }];
  if (/^z$/i.test(written)) {
    throw new Error(
      `${written} (a label of SELinux) can only be given by docker run -v; OFFSHOOT_OVERRIDE can set Binds`,
    );
  }
  throw new Error(`${JSON.stringify(written)} is no option of a mount; expected ro, rw, nocopy, rslave or the like`);
}
