/**
 * A text without what stands before the @ of an address: `https://user:password@host/` is `https://…@host/`. A password
 * may hold nearly every character, so that all before the last @ of a word is taken away. `name@sha256:…` stays.
 */
export function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(/[^\s"'<>]+/g, wordWithout) : text;
}

function wordWithout(word: string): string {
  let at = word.lastIndexOf('@');
  while (at > 0 && /^(?:sha|md)\d+:/.test(word.slice(at + 1, at + 10))) at = word.lastIndexOf('@', at - 1);
  if (at < 1) return word;
  const [before, host] = [word.slice(0, at), word.slice(at + 1)];
  const scheme = before.indexOf('://');
  if (scheme !== -1) return `${before.slice(0, scheme + 3)}…@${host}`;
  if (/^[/.…]/.test(before)) return word; // a path
  // Without a scheme, as before the registry of an image: `user:password@host`, `token@host/name`.
  const isAddress = host.includes('/') || (before.includes(':') && host !== '');
  return isAddress ? `…@${host}` : word;
}
