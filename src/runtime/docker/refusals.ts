import {
  CommandNotExecutableError,
  CommandNotFoundError,
  EngineRefusedError,
  ImageUnavailableError,
  NameTakenError,
  type OffshootError,
} from '../../errors.ts';
import type { ApiResponse } from './api.ts';

/** What a refusal of the engine means, told apart once, here. */
export async function refusal(response: ApiResponse, what: string): Promise<OffshootError> {
  const message = (await response.message()) || `status ${response.status}`;
  const text = `the engine refused to ${what}: ${message}`;
  if (response.status === 403) {
    return new EngineRefusedError(text, {
      hint: 'A proxy or an authorization plugin before the engine does not allow it.',
    });
  }
  return new EngineRefusedError(text);
}

export async function createRefusal(response: ApiResponse, name: string, image: string): Promise<OffshootError> {
  const message = await response.message();
  if (response.status === 409) return new NameTakenError(`the engine refused to create ${name}: ${message}`);
  if (response.status === 404 && /no such image/i.test(message))
    return new ImageUnavailableError(`${image} is not on the engine: ${message}`);
  return new EngineRefusedError(`the engine refused to create ${name}: ${message}`);
}

/** The OCI runtime tells only in words why a first process did not come up; the statuses are those of `docker run`. */
export async function startRefusal(response: ApiResponse, id: string): Promise<OffshootError> {
  const message = await response.message();
  const text = `the engine refused to start ${id.slice(0, 12)}: ${message}`;
  const execFailed = /exec:|starting container process caused/.test(message);
  if (execFailed && /permission denied|is a directory/.test(message)) return new CommandNotExecutableError(text);
  if (execFailed && /executable file not found|no such file or directory/.test(message))
    return new CommandNotFoundError(text);
  return new EngineRefusedError(text);
}
