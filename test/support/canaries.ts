import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';

/** A value that nobody may tell: wherever it turns up, a secret would have. */
export interface Canary {
  readonly value: string;
  /** The variable that has it. */
  readonly env: Readonly<Record<string, string>>;
  /** @throws where it is there, also in base64 or percent-encoded */
  mustNotBeIn(text: string, where: string): void;
}

/** Letters and digits, so that it is the same in JSON, in a URL and in a shell. */
export function newCanary(name = 'SECRET_CANARY'): Canary {
  const value = `canary${randomBytes(9).toString('hex')}`;
  // Of three positions in base64's groups of three bytes, without the letters at its ends that depend on others.
  const encoded = [0, 1, 2].map((at) =>
    Buffer.from('x'.repeat(at) + value)
      .toString('base64')
      .slice(4, -4),
  );
  return {
    value,
    env: { [name]: value },
    mustNotBeIn(text, where) {
      const found = [value, ...encoded].find((form) => text.includes(form));
      const at = found === undefined ? 0 : text.indexOf(found);
      // The text around it says what has told it; the whole may be megabytes.
      const around = found && `${text.slice(Math.max(0, at - 150), at)}HERE${text.slice(at + found.length, at + 50)}`;
      expect(around, `${name} is in ${where}`).toBeUndefined();
    },
  };
}
