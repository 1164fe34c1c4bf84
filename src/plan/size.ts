const units = ['', 'k', 'm', 'g', 't', 'p'];

/**
 * Bytes of `65536`, `64k`, `64m`, `1.5g`, as Docker reads sizes: a kilobyte has 1024 bytes.
 * @throws Error with the problem
 */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(?:([kmgtp])i?)?b?$/.exec(text.toLowerCase()) ?? [];
  const bytes = Math.floor(Number(amount) * 1024 ** units.indexOf(unit));
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new Error('expected a size as 65536, 64k, 64m or 1g');
}
