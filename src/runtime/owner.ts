import { ConflictError } from '../errors.ts';

interface Owned {
  readonly name: string;
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly name: string;
  readonly driver?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * Whether what bears the name is what was meant: it has all the labels, and the driver where one is asked for.
 * @param program what people type to remove it
 * @throws ConflictError
 */
export function checkOwner<T extends Owned>(
  kind: 'network' | 'volume',
  found: T | undefined,
  spec: Wanted,
  program = 'docker',
): T | undefined {
  if (found === undefined) return undefined;
  const other = Object.entries(spec.labels ?? {}).find(([name, value]) => found.labels[name] !== value);
  if (other !== undefined)
    throw new ConflictError(`a ${kind} ${spec.name} is there, and is not ours: its label ${other[0]} is another`, {
      hint: `Take another name, or remove it (${program} ${kind} rm ${spec.name}).`,
    });
  if (spec.driver !== undefined && spec.driver !== found.driver)
    throw new ConflictError(
      `a ${kind} ${spec.name} is there, of the driver ${found.driver} in place of ${spec.driver}`,
    );
  return found;
}
