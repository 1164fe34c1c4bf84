import {
  CommandNotExecutableError,
  CommandNotFoundError,
  EngineRefusedError,
  ImageUnavailableError,
  NameTakenError,
  type OffshootError,
} from '../../../errors.ts';
import type { ApiResponse } from './api.ts';

/** What a refusal of the engine means, told apart once, here. */
export async function refusal(response: ApiResponse, what: string): Promise<OffshootError> {
  const words = await wordsOf(response);
  return forbidden(response, what, words) ?? new EngineRefusedError(`the engine refused to ${what}: ${words}`);
}

/** The call was not allowed by somebody who stands before the engine; `undefined`: the engine itself has said no. */
function forbidden(response: ApiResponse, what: string, words: string): EngineRefusedError | undefined {
  if (!isForbidden(response, words)) return undefined;
  const { status, call } = response;
  return new EngineRefusedError(`the engine refused to ${what}: ${status} to ${call}: ${words}`, {
    hint: forbiddenHint,
  });
}

/** The text of an authorization plugin comes by the engine; an engine's own answers tell its version. */
export function isForbidden({ status, header }: Pick<ApiResponse, 'status' | 'header'>, words: string): boolean {
  if (status === 403 && words.startsWith('authorization denied by plugin')) return true;
  return proxies.has(status) && header('api-version') === undefined;
}

/** Unauthorized, forbidden, a method that is not allowed at all, and a proxy's own login. */
const proxies: ReadonlySet<number> = new Set([401, 403, 405, 407]);

export const forbiddenHint =
  'A proxy or an authorization plugin before the engine does not allow it; the README lists the calls that are needed ("Least privilege").';

/** @throws EngineRefusedError unless the answer has one of these statuses */
export async function expectStatus(response: ApiResponse, accepted: readonly number[], what: string): Promise<void> {
  if (!accepted.includes(response.status)) throw await refusal(response, what);
  await response.discard();
}

export async function createRefusal(response: ApiResponse, name: string, image: string): Promise<OffshootError> {
  const words = await wordsOf(response);
  const denied = forbidden(response, `create ${name}`, words);
  if (denied !== undefined) return denied;
  const text = `the engine refused to create ${name}: ${words}`;
  // Podman: `the container name "x" is already in use by …`, with the status of its own faults.
  if (response.status === 409 || /container name .* is already in use/.test(words)) return new NameTakenError(text);
  // Also said of a container whose network is to be joined.
  if (response.status === 404 && /no such image/i.test(words))
    return new ImageUnavailableError(`${image} is not on the engine: ${words}`);
  const [, hint] = hints.find(([pattern]) => pattern.test(words)) ?? [];
  return new EngineRefusedError(text, { hint });
}

/** What mends a request that an engine refuses, by what it says. */
const hints: readonly (readonly [says: RegExp, hint: string])[] = [
  [
    /containers not in pods cannot depend/,
    'Self is in a pod of Podman, which only its own API adds to: do not share what the pod shares (OFFSHOOT_INHERIT=-network,-namespaces).',
  ],
  [
    /user namespaces/,
    'The engine gives its containers users of their own (userns-remap): run self with --userns host, as its siblings are run then, or set OFFSHOOT_OVERRIDE={"HostConfig":{"UsernsMode":"host"}}.',
  ],
];

/** The OCI runtime tells only in words why a first process did not come up; the statuses are those of `docker run`. */
export async function startRefusal(
  response: ApiResponse,
  id: string,
  what = `start ${id.slice(0, 12)}`,
): Promise<OffshootError> {
  const words = await wordsOf(response);
  const denied = forbidden(response, what, words);
  return denied ?? startFailure(words, `the engine refused to ${what}: ${words}`);
}

/** @param words the engine's own */
export function startFailure(words: string, text: string): OffshootError {
  const { cannot, missing } = ofTheCommand.exec(words)?.groups ?? {};
  if (cannot !== undefined) return new CommandNotExecutableError(text);
  return missing === undefined ? new EngineRefusedError(text) : new CommandNotFoundError(text);
}

/** Words about a mount or a device may end in the same way: `exec: "…": stat …: no such file or directory`. */
const ofTheCommand =
  /\bexec: "(?:[^"\\]|\\.)*": (?:stat .*: )?(?:(?<cannot>permission denied|is a directory)|(?<missing>executable file not found|no such file or directory))/;

async function wordsOf(response: ApiResponse): Promise<string> {
  const message = (await response.message()) || `status ${response.status}`;
  // `invalid environment variable: =secret`; the name tells enough.
  return message.replace(/(environment variable.*?: "?[^=]*=).*/is, '$1…');
}
