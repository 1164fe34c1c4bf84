// The calls of the library, as the interfaces in src/runtime say them: for the table in docs/library.md and its test.
import { readFileSync } from 'node:fs';
import { root } from './bundle/package.ts';

interface ApiCall {
  /** As a program writes it: `exec.run(id, request, options?)`. */
  readonly call: string;
  /** What it resolves with, or returns. */
  readonly result: string;
  /** The first part of its comment. */
  readonly text: string;
  /** What its comment says that it throws. */
  readonly throws: string;
}

/** Where each interface is, and what stands before its calls. */
const interfaces = [
  ['runtime.ts', 'Runtime', ''],
  ['api/containers.ts', 'Containers', ''],
  ['api/exec.ts', 'Exec', 'exec.'],
  ['api/exec.ts', 'ExecHandle', 'handle.'],
  ['api/images.ts', 'Images', 'images.'],
  ['api/networks.ts', 'Networks', 'networks.'],
  ['api/networks.ts', 'Volumes', 'volumes.'],
  ['api/events.ts', 'Events', ''],
  ['api/events.ts', 'EventStream', 'events.'],
  ['api/compose.ts', 'Compose', 'compose.'],
  ['api/containerd.ts', 'Tasks', 'tasks.'],
  ['api/containerd.ts', 'Snapshots', 'snapshots.'],
  ['api/containerd.ts', 'Cni', 'cni.'],
] as const;

/** All calls, in the order of the source. */
function apiCalls(): ApiCall[] {
  return interfaces.flatMap(([file, name, prefix]) => {
    const source = readFileSync(`${root}/src/runtime/${file}`, 'utf8');
    const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([^]*?)^\\}`, 'm').exec(source)?.[1];
    if (body === undefined) throw new Error(`no interface ${name} in ${file}`);
    return [...body.matchAll(method)].map(({ groups }) => ({
      call: `${prefix}${groups?.['name']}(${namesIn(groups?.['parameters'] ?? '')})`,
      result: (groups?.['result'] ?? '').replaceAll(/\s+/g, ' ').replaceAll(/\breadonly /g, ''),
      ...saidIn(groups?.['comment'] ?? ''),
    }));
  });
}

/** The table's cells, its head first. */
export function apiTable(): string[][] {
  return [
    ['call', 'gives', 'what it does', 'throws'],
    ...apiCalls().map(({ call, result, text, throws }) => [
      code(call),
      code(/^Promise<(.*)>$/.exec(result)?.[1] ?? result),
      text,
      throws || '–',
    ]),
  ];
}

/** At the indentation of a member: a comment, maybe, a name, parameters, and what comes of it. */
const method =
  /(?:^ {2}\/\*\*(?<comment>(?:(?!\*\/)[^])*)\*\/\n)?^ {2}(?<name>\w+)\((?<parameters>[^]*?)\): (?<result>[^;]*?(?:\{[^}]*\}[^;]*?)?);$/gm;

/** Of parameters at the outermost level; their types are elsewhere. */
function namesIn(parameters: string): string {
  let depth = 0;
  const outermost = Array.from(parameters).filter((character) => {
    if ('{(<'.includes(character)) depth += 1;
    if ('})>'.includes(character)) depth -= 1;
    return depth === 0;
  });
  const names = outermost.join('').matchAll(/(?:^|,)\s*(\w+\??):/g);
  return [...names].map(([, name]) => name).join(', ');
}

function saidIn(comment: string): Pick<ApiCall, 'text' | 'throws'> {
  const words = comment
    .replaceAll(/^ *\*? ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const [text = '', ...throws] = words.split('@throws').map((part) => part.trim());
  return { text, throws: throws.join('; ') };
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
