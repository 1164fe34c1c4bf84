import { ConflictError, EngineRefusedError, type MissingKind, NotFoundError } from '../../../errors.ts';
import type { Api, ApiRequest, ApiResponse } from './api.ts';
import { refusal } from './refusals.ts';

export interface Expected {
  /** `inspect the container`, for messages. */
  readonly what: string;
  /** Statuses that are answers; default 200. */
  readonly accepted?: readonly number[];
  /** What a 404 says is not there. */
  readonly missing?: readonly [kind: MissingKind, reference: string];
}

/** @throws NotFoundError for a 404, ConflictError for a 409, EngineRefusedError, unless they are accepted */
export async function ask(
  api: Api,
  request: ApiRequest,
  { what, accepted = [200], missing }: Expected,
): Promise<ApiResponse> {
  const response = await api(request);
  if (accepted.includes(response.status)) return response;
  const error = await refusal(response, what);
  // Podman says it in its words, with the status of its own faults.
  const absent = response.status === 404 || /\bno such (?:container|image|network|volume)\b/i.test(error.message);
  if (absent && missing !== undefined) throw new NotFoundError(...missing, { cause: error });
  if (response.status === 409 || /container state improper|can only create exec sessions/.test(error.message))
    throw new ConflictError(error.message, { cause: error });
  throw error;
}

/** The body, as JSON. */
export async function askJson(api: Api, request: ApiRequest, expected: Expected): Promise<unknown> {
  return (await ask(api, request, expected)).json();
}

/** For what has no answer but that it was done. */
export async function tell(api: Api, request: ApiRequest, expected: Expected): Promise<void> {
  await (await ask(api, request, expected)).discard();
}

/** `undefined` where it is not there. */
export async function askMaybe(api: Api, request: ApiRequest, expected: Expected): Promise<unknown> {
  try {
    return await askJson(api, request, { missing: ['object', request.path], ...expected });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

export function pathOf(id: string, verb?: string): string {
  return ['/containers', encodeURIComponent(id), ...(verb === undefined ? [] : [verb])].join('/');
}

/** As the filters of listings and events want it. */
export function labelFilter(labels: Readonly<Record<string, string | true>> | undefined): string[] {
  return Object.entries(labels ?? {}).map(([name, value]) => (value === true ? name : `${name}=${value}`));
}

export function isRefusal(error: unknown, words: RegExp): error is EngineRefusedError {
  return error instanceof EngineRefusedError && words.test(error.message);
}
