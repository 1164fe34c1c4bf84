import * as z from 'zod';
import { dockerHub, registryHost } from '../plan/reference.ts';

/** What a config file keeps of one registry. */
export interface StoredLogin {
  readonly username?: string;
  readonly password?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
}

/** The part of Docker's `config.json` that is about registries, by their hosts. */
export interface DockerConfig {
  readonly auths: ReadonlyMap<string, StoredLogin>;
  readonly credHelpers: ReadonlyMap<string, string>;
  readonly credsStore: string | undefined;
  /** What was left alone, and why; without any of its text. */
  readonly problems: readonly string[];
}

const text = z.string().nullish().catch(undefined);
const login = z.object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text });
const config = z.object({
  auths: z.record(z.string(), z.unknown()).nullish(),
  credHelpers: z.record(z.string(), z.unknown()).nullish(),
  credsStore: z.unknown().optional(),
});

/**
 * Reads the JSON of a `config.json`, whoever wrote it: what cannot be read of it is left alone, and told.
 * @throws Error where it is no JSON object, with nothing of its text in the message
 */
export function parseDockerConfig(json: string): DockerConfig {
  const problems: string[] = [];
  const { auths, credHelpers, credsStore } = config.parse(objectIn(json), { reportInput: false });

  const logins = byHost(auths ?? {}, (value) => {
    const stored = login.safeParse(value ?? {});
    if (!stored.success) problems.push('an entry of auths is no object');
    const read = stored.success ? readLogin(stored.data) : undefined;
    if (read === 'unreadable') problems.push('an auth is not user:password in base64');
    return read === 'unreadable' ? undefined : read;
  });
  const helper = (value: unknown, where: string): string | undefined => {
    if (typeof value === 'string' && helperName.test(value)) return value;
    if (value !== undefined && value !== null && value !== '') problems.push(`${where} is not the name of a helper`);
    return undefined;
  };
  return {
    auths: logins,
    credHelpers: byHost(credHelpers ?? {}, (value) => helper(value, 'an entry of credHelpers')),
    credsStore: helper(credsStore, 'credsStore'),
    problems: [...new Set(problems)],
  };
}

/** The end of a program's name: nothing that could lead into another folder. */
const helperName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

function objectIn(json: string): object {
  let value: unknown;
  try {
    // Some editors begin a file with a mark.
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message repeats a part of the text.
    throw new Error('it is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no JSON object');
  for (const name of ['auths', 'credHelpers'] as const) {
    const part: unknown = (value as Record<string, unknown>)[name];
    if (part !== undefined && part !== null && (typeof part !== 'object' || Array.isArray(part)))
      throw new Error(`its ${name} is no object`);
  }
  return value;
}

const key = /^(?:https?:\/\/)?(?<host>[^/]+)(?:\/(?:v[12]\/?)?)?$/;

/**
 * The registry that a key of the file is about. `docker login` writes a host, older versions wrote the URL of an API.
 * Anything else, a path behind the host for instance, is about no registry of ours: a login goes nowhere by mistake.
 */
export function hostOfKey(name: string): string | undefined {
  const host = key.exec(name)?.groups?.['host'];
  if (host === undefined || !registryHost.test(host)) return undefined;
  return host === 'index.docker.io' ? dockerHub : host;
}

/** Of several keys for one registry its plain host counts, else the first. */
function byHost<T>(
  entries: Readonly<Record<string, unknown>>,
  read: (value: unknown) => T | undefined,
): Map<string, T> {
  const found = new Map<string, T>();
  const plainLast = Object.entries(entries).toSorted(([a], [b]) => Number(isPlain(a)) - Number(isPlain(b)));
  for (const [name, value] of plainLast) {
    const host = hostOfKey(name);
    if (host === undefined || (found.has(host) && !isPlain(name))) continue;
    const kept = read(value);
    if (kept !== undefined) found.set(host, kept);
  }
  return found;
}

function isPlain(name: string): boolean {
  return hostOfKey(name) === name;
}

/** `undefined`: an empty entry, as `docker login` leaves it where a helper keeps the login. */
function readLogin(stored: z.output<typeof login>): StoredLogin | 'unreadable' | undefined {
  const { auth, identitytoken, registrytoken } = stored;
  const pair = auth ? decodeAuth(auth) : { username: stored.username ?? '', password: stored.password ?? '' };
  if (pair === undefined) return 'unreadable';
  const { username, password } = pair;
  const found = {
    ...(username && { username }),
    ...(password && { password }),
    ...(identitytoken && { identityToken: identitytoken }),
    ...(registrytoken && { registryToken: registrytoken }),
  };
  const isEmpty = !password && !identitytoken && !registrytoken;
  return isEmpty ? undefined : found;
}

/** A password can hold colons, a name cannot. */
function decodeAuth(auth: string): { username: string; password: string } | undefined {
  const compact = auth.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) return undefined;
  const decoded = Buffer.from(compact, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replaceAll('\0', '') };
}
