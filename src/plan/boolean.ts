const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

/** @throws Error with the problem */
export function parseBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (yes.includes(word)) return true;
  if (no.includes(word)) return false;
  throw new Error('expected true or false');
}
