import { InvalidArgumentError } from '../errors.ts';
import { fullRepository, isImageId, parseReference } from '../plan/reference.ts';

/**
 * The whole name of an image, as containerd keeps it: `alpine` is `docker.io/library/alpine:latest`. A digest is the
 * image, whatever its tag: the tag is dropped.
 * @throws InvalidArgumentError for what is no reference, and for an id
 */
export function normalizeImageRef(reference: string): string {
  const no = (problem: string): InvalidArgumentError =>
    new InvalidArgumentError('reference', `${JSON.stringify(reference)} ${problem}`);
  if (typeof reference !== 'string') throw no('is no text; expected an image');
  if (isImageId(reference)) throw no('is an id, which has no name; expected name[:tag][@sha256:digest]');
  let parsed;
  try {
    parsed = parseReference(reference);
  } catch (error) {
    throw no(error instanceof Error ? error.message : 'is no image reference');
  }
  const { tag = 'latest', digest } = parsed;
  return `${fullRepository(parsed)}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}
