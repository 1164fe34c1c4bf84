/** Does it mean the machine, or the network namespace, of whoever uses it? As in a URL, IPv6 may be in brackets. */
export function isOwnAddress(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  // As URLs are written: all forms of an address become one.
  const url = URL.parse(`http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}/`);
  return /^(?:127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\]|\[::ffff:0:0\])$/.test(
    url?.hostname ?? '',
  );
}
