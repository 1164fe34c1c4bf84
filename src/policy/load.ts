import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { InvalidRequestError } from '../errors.ts';
import { parsePolicy, type Policy } from './policy.ts';

/** Baked into the image. No variable names another one. */
export const policyFile = '/etc/offshoot/policy.json';
const longestBytes = 1024 * 1024;

/**
 * The policy of our image; `undefined` where it has none. One that is there and cannot be read or understood forbids
 * everything.
 * @throws InvalidRequestError
 */
export function loadPolicy(file: string = policyFile): Policy | undefined {
  const text = readIfThere(file);
  return text === undefined ? undefined : parsePolicy(text, file);
}

function readIfThere(file: string): string | undefined {
  try {
    // A link that leads nowhere is there, too.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
    return readRegular(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidRequestError([{ name: file, problem: `cannot be read: ${reason}` }], {
      hint: 'It is the policy of this image: without it nothing is launched.',
    });
  }
}

function readRegular(file: string): string {
  // Without waiting for somebody to write, where it is a pipe.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('it is no regular file');
    if (stat.size > longestBytes) throw new Error(`it is longer than ${longestBytes} bytes`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
