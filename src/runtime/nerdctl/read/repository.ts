/** In full, without its tag: `alpine` is `docker.io/library/alpine`. */
export function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [host = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(host) || host === 'localhost');
  const full = isHost ? name : rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
  return full.replace(/^index\.docker\.io\//, 'docker.io/');
}

/** With its tag. */
export function fullName(reference: string): string {
  return `${repositoryOf(reference)}:${/:([^/:@]+)$/.exec(reference)?.[1] ?? 'latest'}`;
}
