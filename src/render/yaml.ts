import { Document, visit } from 'yaml';

/**
 * YAML that readers of both versions take in the same way: they disagree about `0o17`, `1_000`, `on`, `<<`, dates and
 * more. A string stays bare only where it can be nothing else.
 */
export function yaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.type = isHarmless(node.value) ? 'PLAIN' : 'QUOTE_DOUBLE';
    },
  });
  // In YAML 1.1 these end a line, also within quotes.
  return document
    .toString({ lineWidth: 0 })
    .replaceAll(
      /[\u007f-\u009f\u2028\u2029\ufeff]/g,
      (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    );
}

/** What else needs quotes, as `a: b`, the library sees. */
function isHarmless(text: string): boolean {
  return /^[A-Za-z/][ -~]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i.test(text);
}
