/** All of these, with these values; `true`: with any. */
export function bears(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | true>> = {},
): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    value === true ? Object.hasOwn(labels, name) : labels[name] === value,
  );
}
