import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { EngineUnavailableError } from '../../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which of the Docker command line's contexts is chosen, and by what; `undefined`: none, so the usual socket. */
export function chosenContext(env: Environment): { readonly name: string; readonly by: string } | undefined {
  const asked = env['DOCKER_CONTEXT'];
  if (asked) return notDefault(asked, `DOCKER_CONTEXT=${asked}`);
  const file = posix.join(folderOf(env), 'config.json');
  const config: { currentContext?: unknown } | undefined = readJson(file);
  const current = config?.currentContext;
  return typeof current === 'string' && current !== '' ? notDefault(current, `currentContext of ${file}`) : undefined;
}

function notDefault(name: string, by: string): { name: string; by: string } | undefined {
  return name === 'default' ? undefined : { name, by };
}

/** Where the context's engine listens, in the words of `DOCKER_HOST` and its companions. */
export interface ContextAddress {
  readonly host: string;
  /** The folder of its certificates; `undefined`: no TLS. */
  readonly certPath: string | undefined;
}

interface Meta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: unknown; readonly SkipTLSVerify?: unknown } };
}

/** @throws EngineUnavailableError where the store does not hold it, or it asks for what we do not do */
export function readContext(name: string, env: Environment): ContextAddress {
  const id = createHash('sha256').update(name).digest('hex');
  const file = posix.join(folderOf(env), 'contexts/meta', id, 'meta.json');
  const meta: Meta | undefined = readJson(file);
  const endpoint = meta?.Endpoints?.docker;
  if (typeof endpoint?.Host !== 'string' || endpoint.Host === '') {
    throw new EngineUnavailableError(`there is no context "${name}" with an address (${file})`, {
      hint: 'Mount the folder of contexts too, or set DOCKER_HOST.',
    });
  }
  if (endpoint.SkipTLSVerify === true) {
    throw new EngineUnavailableError(`the context "${name}" does not want its engine's certificate to be checked`, {
      hint: 'Give the context the certificate of its authority (docker context update --docker ca=…).',
    });
  }
  const certPath = posix.join(folderOf(env), 'contexts/tls', id, 'docker');
  return { host: endpoint.Host, certPath: existsSync(certPath) ? certPath : undefined };
}

function folderOf(env: Environment): string {
  return env['DOCKER_CONFIG'] || posix.join(env['HOME'] || '/', '.docker');
}

/** `undefined` for what is not there, may not be read or is no JSON object: the Docker command line goes on too. */
function readJson(file: string): object | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
