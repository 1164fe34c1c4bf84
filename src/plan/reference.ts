import { problemOfReference } from './reference-problem.ts';

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
/** A registry's host, with its port where there is one: `ghcr.io`, `localhost:5000`, `[::1]:5000`. */
export const registryHost: RegExp = new RegExp(`^${domain}$`);

const pattern = new RegExp(
  `^(?<repository>(?:${domain}/)?${component}(?:/${component})*)` +
    `(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?` +
    `(?:@(?<digest>sha(?:256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})))?$`,
);
const imageId = /^(?:sha256:)?[a-f0-9]{64}$/;

/** Is it an image's id? An engine that does not hold such an image cannot pull it. */
export function isImageId(text: string): boolean {
  return imageId.test(text);
}

/** A name, a tag and a digest; what is longer takes expressions their time. */
const longest = 600;

/** @throws Error saying what is wrong */
export function parseReference(text: string): ImageReference {
  const groups = text.length > longest ? undefined : pattern.exec(text)?.groups;
  const repository = groups?.['repository'];
  if (repository === undefined || repository.length > 255 || !hasPort(repository)) {
    throw new Error(`${problemOfReference(text)}; expected an image: ${expectedReference}`);
  }
  return { repository, tag: groups?.['tag'], digest: groups?.['digest'] };
}

export const expectedReference = 'name[:tag][@sha256:digest] with a lower-case name, or an id';

function hasPort(repository: string): boolean {
  const port = /:(\d+)\//.exec(repository)?.[1];
  return port === undefined || (Number(port) > 0 && Number(port) < 65_536);
}

/** The registry that engines ask when none is named, and the folder of what is named by one word. */
export const dockerHub = 'docker.io';
const officialFolder = 'library';

/**
 * The repository as engines understand it: `alpine` is `docker.io/library/alpine`. What stands before the first slash
 * is a registry only when it looks like a host: `evil/alpine` is of Docker Hub, `evil.com/alpine` is not.
 */
export function fullRepository({ repository }: ImageReference): string {
  const slash = repository.indexOf('/');
  const first = slash === -1 ? '' : repository.slice(0, slash);
  const isHost = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  // index.docker.io is what the registry was called once.
  const host = isHost && first !== 'index.docker.io' ? first : dockerHub;
  const path = isHost ? repository.slice(slash + 1) : repository;
  return `${host}/${host === dockerHub && !path.includes('/') ? `${officialFolder}/` : ''}${path}`;
}

/**
 * The registry that an engine asks for an image, as it was written: hosts are compared letter by letter.
 * @throws Error saying what is wrong
 */
export function registryOf(text: string): string {
  return fullRepository(parseReference(text)).split('/', 1)[0] ?? dockerHub;
}
