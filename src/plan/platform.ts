import { nearest } from './nearest.ts';

/** Go's names, which images use. */
const systems = ['linux', 'windows', 'freebsd', 'darwin', 'wasip1', 'wasi'];
const architectures = [
  ...['386', 'amd64', 'arm', 'arm64', 'loong64', 'mips', 'mips64', 'mips64le', 'mipsle', 'ppc64', 'ppc64le'],
  ...['riscv64', 's390x', 'wasm'],
];
/** The kernel's own names of some. */
const aliases: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  i386: '386',
  aarch64: 'arm64',
  armhf: 'arm/v7',
  armel: 'arm/v6',
};

/** @throws Error saying what is accepted */
export function parsePlatform(text: string): string {
  const [os = '', architecture = '', variant, ...more] = text.split('/');
  const isPlain = /^[\w./-]+$/.test(text) && more.length === 0;
  if (!isPlain || architecture === '' || (variant !== undefined && !/^[a-z0-9.]+$/.test(variant)))
    throw new Error('expected os/architecture[/variant], as linux/amd64 or linux/arm/v7');
  check('operating system', os, systems);
  const alias = aliases[architecture];
  if (alias === undefined) check('architecture', architecture, architectures);
  const named = alias ?? architecture;
  return [os, named, ...(variant === undefined || named.includes('/') ? [] : [variant])].join('/');
}

function check(what: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const near = nearest(word, known);
  throw new Error(`${word === '' ? 'no' : 'unknown'} ${what}; expected ${near ?? `one of ${known.join(', ')}`}`);
}
