import { AlreadyExistsError, InvalidArgumentError, NotSupportedError } from '../errors.ts';
import type { StageOptions } from '../events.ts';
import type { Adapter } from './adapter.ts';
import { guarded } from './guarded.ts';
import type { Runtime } from './runtime.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws EngineUnavailableError where its engine does not answer: then another is looked for */
export type RuntimeFactory = (env: Environment, options: StageOptions) => Promise<Runtime | Adapter>;

export interface RuntimeDescription {
  readonly name: string;
  /** Somebody has registered it. */
  readonly registered: boolean;
  /** What it would need, where this build cannot have it. */
  readonly needs?: string;
}

const builtIn = ['docker', 'podman', 'nerdctl', 'containerd', 'auto'];

/** Names that other systems have, so that whoever asks for one learns why it is not there. */
const elsewhere: Readonly<Record<string, string>> = {
  firecracker: 'micro virtual machines: /dev/kvm, and an adapter that nobody has registered',
  nanos: 'unikernels: QEMU with KVM and the ops command line, and an adapter that nobody has registered',
  apple: "Apple's container: macOS on Apple silicon, and an adapter that nobody has registered",
};

const factories = new Map<string, RuntimeFactory>();

/**
 * Adds a runtime: it is had by its name, and is asked after the built-in ones where none is named.
 * What it lacks of a `Runtime` is made up for by `completed`.
 * @throws InvalidArgumentError, AlreadyExistsError
 */
export function registerRuntime(name: string, factory: RuntimeFactory): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new InvalidArgumentError('name', `${JSON.stringify(name)}: expected lower-case letters, digits and "-"`);
  if (typeof factory !== 'function') throw new InvalidArgumentError('factory', 'expected a function');
  if (builtIn.includes(name) || factories.has(name)) throw new AlreadyExistsError(`there is a runtime ${name} already`);
  factories.set(name, factory);
}

/** All names that `detectRuntime` knows: what can be had, and what could. */
export function availableRuntimes(): RuntimeDescription[] {
  return [
    ...['docker', 'podman', 'nerdctl'].map((name) => ({ name, registered: false })),
    ...[...factories.keys()].map((name) => ({ name, registered: true })),
    ...Object.entries(elsewhere).flatMap(([name, needs]) =>
      factories.has(name) ? [] : [{ name, registered: false, needs }],
    ),
  ];
}

export function isBuiltIn(name: string): name is 'docker' | 'podman' | 'nerdctl' | 'containerd' | 'auto' {
  return builtIn.includes(name);
}

export function registeredNames(): readonly string[] {
  return [...factories.keys()];
}

/** @throws NotSupportedError, InvalidArgumentError, and what the factory throws */
export async function registeredRuntime(name: string, env: Environment, options: StageOptions): Promise<Runtime> {
  const factory = factories.get(name);
  if (factory !== undefined) return guarded(await factory(env, options));
  const reason = elsewhere[name];
  if (reason !== undefined)
    throw new NotSupportedError(`the runtime ${name} is not available: it needs ${reason}`, { runtime: name, reason });
  const known = availableRuntimes().map((one) => one.name);
  throw new InvalidArgumentError('preference', `${JSON.stringify(name)}: expected auto, ${known.join(', ')}`);
}
