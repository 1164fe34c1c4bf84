import { split } from 'shlex';
import { InvalidArgumentError, NotSupportedError } from '../../../errors.ts';

/** The part of an image's config that instructions change, as OCI has it. */
export interface OciConfig {
  User?: string;
  ExposedPorts?: Record<string, object>;
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  Volumes?: Record<string, object>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  StopSignal?: string;
}

type Change = (config: OciConfig, rest: string) => OciConfig;

const instructions: Readonly<Record<string, Change>> = {
  CMD: (config, rest) => ({ ...config, Cmd: wordsOf(rest) }),
  ENTRYPOINT: (config, rest) => ({ ...config, Entrypoint: wordsOf(rest) }),
  ENV: (config, rest) => ({ ...config, Env: withVariables(config.Env ?? [], pairsOf(rest)) }),
  EXPOSE: (config, rest) => ({ ...config, ExposedPorts: { ...config.ExposedPorts, ...asKeys(portsOf(rest)) } }),
  LABEL: (config, rest) => ({ ...config, Labels: { ...config.Labels, ...Object.fromEntries(pairsOf(rest)) } }),
  STOPSIGNAL: (config, rest) => ({ ...config, StopSignal: rest }),
  USER: (config, rest) => ({ ...config, User: rest }),
  VOLUME: (config, rest) => ({ ...config, Volumes: { ...config.Volumes, ...asKeys(listOf(rest)) } }),
  WORKDIR: (config, rest) => ({ ...config, WorkingDir: rest }),
};

/** @throws InvalidArgumentError, NotSupportedError naming the instruction */
export function changed(config: OciConfig, changes: readonly string[]): OciConfig {
  const parsed = changes.map(parse);
  const names = new Set(parsed.map(({ name }) => name));
  // As in a Dockerfile: the command was meant for the entrypoint that was there before.
  const kept = names.has('ENTRYPOINT') && !names.has('CMD') ? { ...config, Cmd: [] } : config;
  return parsed.reduce((before, { apply }) => apply(before), kept);
}

function parse(change: string, index: number): { name: string; apply: (config: OciConfig) => OciConfig } {
  const field = `request.changes[${index}]`;
  const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/s.exec(change) ?? [];
  if (rest === '')
    throw new InvalidArgumentError(field, `${JSON.stringify(change)}: expected an instruction of a Dockerfile`);
  const name = word.toUpperCase();
  const apply = instructions[name];
  if (apply === undefined)
    throw new NotSupportedError(`images.commit cannot change ${name} with nerdctl: its images have no place for it`, {
      runtime: 'nerdctl',
      operation: 'images.commit',
      hint: `It can change ${Object.keys(instructions).join(', ')}.`,
    });
  return {
    name,
    apply(config) {
      try {
        return apply(config, rest);
      } catch {
        throw new InvalidArgumentError(field, `${name}: a quotation mark is not closed`);
      }
    },
  };
}

/** A list of JSON, else a line for a shell. */
function wordsOf(rest: string): string[] {
  return jsonList(rest) ?? ['/bin/sh', '-c', rest];
}

function listOf(rest: string): string[] {
  return jsonList(rest) ?? split(rest);
}

function jsonList(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** `a=b "c d"=e`, or the old `a b`. */
function pairsOf(rest: string): [string, string][] {
  const words = split(rest);
  if (!words[0]?.includes('=')) return [[words[0] ?? '', words.slice(1).join(' ')]];
  return words.map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
  });
}

function withVariables(env: readonly string[], pairs: readonly [string, string][]): string[] {
  const named = new Set(pairs.map(([name]) => name));
  return [
    ...env.filter((entry) => !named.has(entry.split('=', 1)[0] ?? '')),
    ...pairs.map(([name, value]) => `${name}=${value}`),
  ];
}

function portsOf(rest: string): string[] {
  return split(rest).map((port) => (port.includes('/') ? port : `${port}/tcp`));
}

function asKeys(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
