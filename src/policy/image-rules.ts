import { fullRepository, type ImageReference, isImageId, parseReference } from '../plan/reference.ts';

/** An image that is allowed. */
export type ImageRule = { readonly text: string } & (
  | { readonly kind: 'self' }
  /** `sha256:…` */
  | { readonly kind: 'id'; readonly id: string }
  /** Without a tag and a digest every tag of the repository. */
  | {
      readonly kind: 'name';
      readonly repository: string;
      readonly tag: string | undefined;
      readonly digest: string | undefined;
    }
);

/** @throws Error with the problem */
export function parseImageRule(text: string): ImageRule {
  if (text === 'self') return { text, kind: 'self' };
  if (isImageId(text)) return { text, kind: 'id', id: fullId(text) };
  const everyTag = text.endsWith(':*');
  const reference = parseReference(everyTag ? text.slice(0, -2) : text);
  const { tag, digest } = reference;
  if (everyTag && (tag ?? digest) !== undefined) throw new Error('has :* behind a tag or a digest');
  if (!everyTag && (tag ?? digest) === undefined)
    throw new Error(`has no tag; expected ${text}:TAG, ${text}@sha256:… or, for every tag, ${text}:*`);
  return { text, kind: 'name', repository: fullRepository(reference), tag, digest };
}

/** What the rules say of an image that is asked for. */
export type Judgement =
  | { readonly allowed: false; readonly why: string }
  /** With digests: only if the image that is really used has one of them. */
  | { readonly allowed: true; readonly digests: readonly string[] | undefined };

/** By its name alone; what the engine has under that name is judged by `hasDigest`. */
export function judgeImage(image: string, rules: readonly ImageRule[]): Judgement {
  const allowed = rules.length === 0 ? 'none' : rules.map(({ text }) => text).join(', ');
  const refused = (why: string): Judgement => ({ allowed: false, why: `${why}; allowed: ${allowed}` });
  if (image === 'self') return rules.some(({ kind }) => kind === 'self') ? free : refused('"self" is not allowed');
  if (isImageId(image)) {
    const isListed = rules.some((rule) => rule.kind === 'id' && rule.id === fullId(image));
    return isListed ? free : refused(`${JSON.stringify(image)} is not allowed`);
  }
  const reference = parseReference(image);
  if ((reference.tag ?? reference.digest) === undefined)
    return refused(`${JSON.stringify(image)} has no tag, so that what it means can change`);
  const matching = rules.filter((rule) => rule.kind === 'name' && isMeant(reference, rule));
  if (matching.length === 0) return refused(`${JSON.stringify(image)} is not allowed`);
  const digests = matching.map((rule) => (rule.kind === 'name' ? rule.digest : undefined));
  const pinned = digests.filter((digest) => digest !== undefined);
  return pinned.length === digests.length ? { allowed: true, digests: pinned } : free;
}

const free: Judgement = { allowed: true, digests: undefined };

type NameRule = Extract<ImageRule, { kind: 'name' }>;

/** Beside a digest engines do not look at the tag: a rule with a tag alone does not speak for it. */
function isMeant(asked: ImageReference, rule: NameRule): boolean {
  if (fullRepository(asked) !== rule.repository) return false;
  if (rule.digest === undefined)
    return rule.tag === undefined || (asked.tag === rule.tag && asked.digest === undefined);
  if (asked.digest !== undefined && asked.digest !== rule.digest) return false;
  return rule.tag === undefined || asked.tag === undefined || asked.tag === rule.tag;
}

/** Is it one of these? By its content: a tag can be given to anything. */
export function hasDigest(
  { id, digests }: { readonly id: string; readonly digests: readonly string[] },
  allowed: readonly string[],
): boolean {
  return [id, ...digests.map((text) => text.slice(text.lastIndexOf('@') + 1))].some((one) => allowed.includes(one));
}

function fullId(text: string): string {
  return text.startsWith('sha256:') ? text : `sha256:${text}`;
}
