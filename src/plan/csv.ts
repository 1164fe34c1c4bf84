const field = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^",]*))(?:,|$)/y;

/**
 * The fields of `a=1,"b=x,y"`, as Docker's long forms have them: one with a comma stands in double quotes.
 * @throws Error with the problem
 */
export function splitFields(text: string): readonly string[] {
  const fields: string[] = [];
  // A comma at the end is followed by one more field, an empty one.
  for (let at = 0; at <= text.length;) {
    field.lastIndex = at;
    const match = field.exec(text);
    if (match === null) throw new Error('has a double quote that does not enclose a field: "key=a,b"');
    const value = match.groups?.['quoted']?.replaceAll('""', '"') ?? match.groups?.['bare'] ?? '';
    if (value === '') throw new Error('has an empty field: two commas, or one at an end');
    fields.push(value);
    at += match[0].length + (match[0].endsWith(',') ? 0 : 1);
  }
  return fields;
}

/** `key=value` → both; the value is undefined where there is no `=`. */
export function cutField(text: string): readonly [key: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
