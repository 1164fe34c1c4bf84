/** An image reference, taken apart. Grammar: github.com/distribution/reference. */
export interface ImageReference {
  /** Registry and repository as they were written: `alpine`, `ghcr.io/owner/name`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pattern = new RegExp(
  `^(?<repository>(?:${domain}/)?${component}(?:/${component})*)` +
    `(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?` +
    `(?:@(?<digest>sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})))?$`,
);
const imageId = /^(?:sha256:)?[a-f0-9]{64}$/;

/** Is it an image's id? An engine that does not hold such an image cannot pull it. */
export function isImageId(text: string): boolean {
  return imageId.test(text);
}

/** @throws Error saying what is wrong */
export function parseReference(text: string): ImageReference {
  const groups = pattern.exec(text)?.groups;
  const repository = groups?.['repository'];
  if (repository === undefined || repository.length > 255) {
    throw new Error('expected an image: name[:tag][@sha256:digest] with a lower-case name, or an id');
  }
  return { repository, tag: groups?.['tag'], digest: groups?.['digest'] };
}
