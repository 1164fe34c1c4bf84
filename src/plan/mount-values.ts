import { parseBoolean } from './boolean.ts';
import type { MountField } from './mount-fields.ts';
import { parseSize } from './size.ts';

/** Values of options that a mount can have. All throw an Error that names the option. */

export function flagValue({ written, value }: MountField): boolean {
  return value === undefined || named(written, value, parseBoolean);
}

export function sizeValue({ written, value = '' }: MountField): number {
  return named(written, value, parseSize);
}

/** As chmod takes it. */
export function modeValue({ written, value = '' }: MountField): number {
  if (/^0?[0-7]{1,4}$/.test(value)) return Number.parseInt(value, 8);
  throw new Error(`${written}=${value}: expected an octal number as 1777 or 700`);
}

export function propagationValue({ written, value = '' }: MountField): string {
  if (/^r?(?:private|shared|slave)$/.test(value)) return value;
  throw new Error(`${written}=${value}: expected private, rprivate, shared, rshared, slave or rslave`);
}

export function subpathValue({ written, value = '' }: MountField): string {
  if (value !== '' && !value.startsWith('/') && !value.split('/').includes('..')) return value;
  throw new Error(`${written}=${value}: expected a path within the volume: neither absolute nor with ..`);
}

function named<T>(name: string, value: string, parse: (text: string) => T): T {
  try {
    return parse(value);
  } catch (error) {
    throw new Error(`${name}=${value}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}
