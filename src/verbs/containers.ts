import { ConflictError, NotFoundError, SelfNotFoundError } from '../errors.ts';
import { label } from '../launch/labels.ts';
import { type Engine, forbidUnderPolicy } from './engine.ts';

/** A container that somebody has named. */
export interface Target {
  readonly id: string;
  readonly name: string;
  /** What it was made of and for. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * By id, the beginning of one, or name; or, with a label and its value, the sibling that this container has launched:
 * `key=nightly` is short for `io.offshoot.key=nightly`.
 * @throws NotFoundError, InvalidArgumentError; ConflictError where several bear the label; PolicyError
 */
export async function findContainer(reference: string, engine: Engine, signal: AbortSignal): Promise<Target> {
  const { runtime, policy } = engine;
  if (reference.includes('=')) return byLabel(reference, engine, signal);
  const found = await runtime.inspect(reference, { signal });
  if (found === undefined) throw new NotFoundError('container', reference);
  const { id, name, labels } = found;
  if (policy !== undefined && labels[label.parent] !== (await engine.self()).record.id)
    forbidUnderPolicy(policy, `the container ${name}, which another one has made,`);
  return { id, name, labels };
}

async function byLabel(reference: string, engine: Engine, signal: AbortSignal): Promise<Target> {
  const at = reference.indexOf('=');
  const name = reference.slice(0, at);
  const labels = {
    [label.role]: 'sibling',
    ...(await ofThisContainer(engine)),
    [name.includes('.') ? name : `io.offshoot.${name}`]: reference.slice(at + 1),
  };
  const found = await engine.runtime.list({ labels, all: true, signal });
  const [first, ...others] = found;
  if (first === undefined) throw new NotFoundError('container', `that bears the label ${reference}`);
  if (others.length > 0) {
    const names = found.map((one) => one.name).join(', ');
    throw new ConflictError(`${reference}: ${found.length} containers bear it: ${names}`, { hint: 'Name the one.' });
  }
  return first;
}

/** On a host we are no container, and all siblings are meant. */
async function ofThisContainer({ self, policy }: Engine): Promise<Readonly<Record<string, string>>> {
  try {
    return { [label.parent]: (await self()).record.id };
  } catch (error) {
    if (error instanceof SelfNotFoundError && policy === undefined) return {};
    throw error;
  }
}
