import { dockerHub, registryOf } from '../plan/reference.ts';
import type { StageOptions } from '../events.ts';
import type { RegistryAuth } from '../runtime/runtime.ts';
import { type DockerConfig, parseDockerConfig, type StoredLogin } from './config.ts';
import { askHelper } from './helper.ts';
import { type Environment, type Source, sourcesIn } from './sources.ts';

/** What was found for one registry. */
export interface Credentials {
  /** Host of the registry, as references name it. */
  readonly registry: string;
  /** Where they are from; `undefined` with all that were looked at. */
  readonly source: string | undefined;
  readonly looked: readonly string[];
  readonly auth: RegistryAuth | undefined;
}

export interface CredentialOptions extends StageOptions {
  readonly env: Environment;
  /** For each helper. */
  readonly helperTimeoutMs?: number | undefined;
}

/** How Docker Hub is called in config files and by engines. */
const hubAddress = 'https://index.docker.io/v1/';

/**
 * The login for the registry of an image, and for no other: hosts are compared letter by letter. What cannot be read
 * or does not answer is told once, and does not stop a pull that needs no login.
 */
export async function credentialsFor(reference: string, options: CredentialOptions): Promise<Credentials> {
  const registry = registryOf(reference);
  const serverAddress = registry === dockerHub ? hubAddress : registry;
  const looked: string[] = [];
  for (const source of sourcesIn(options.env)) {
    const config = readConfig(source, options);
    if (config === undefined) {
      looked.push(source.name);
      continue;
    }
    for (const place of placesIn(config, source, registry)) {
      looked.push(place.name);
      const login = await place.find(serverAddress, options);
      if (login !== undefined) return { registry, source: place.name, looked, auth: { serverAddress, ...login } };
    }
  }
  return { registry, source: undefined, looked, auth: undefined };
}

function readConfig(source: Source, { report }: StageOptions): DockerConfig | undefined {
  const warn = (problem: string): void =>
    report({ level: 'warn', event: 'warning', message: `logins in ${source.name}: ${problem}` });
  try {
    const text = source.read();
    if (text === undefined) return undefined;
    const config = parseDockerConfig(text);
    for (const problem of config.problems) warn(`${problem}; it is left alone`);
    return config;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    warn(`${code === undefined ? message : `it cannot be read (${code})`}; they do not count`);
    return undefined;
  }
}

interface Place {
  readonly name: string;
  find(serverAddress: string, options: CredentialOptions): Promise<StoredLogin | undefined>;
}

/** A helper for the registry, the one for all, and the file itself, in this order. */
function placesIn({ auths, credHelpers, credsStore }: DockerConfig, { name }: Source, registry: string): Place[] {
  const helpers = [...new Set([credHelpers.get(registry), credsStore])].filter((helper) => helper !== undefined);
  return [
    ...helpers.map((helper) => ({
      name: `docker-credential-${helper} (${name})`,
      find: (address: string, options: CredentialOptions) => ask(helper, address, options),
    })),
    { name, find: () => Promise.resolve(auths.get(registry)) },
  ];
}

async function ask(helper: string, address: string, options: CredentialOptions): Promise<StoredLogin | undefined> {
  const { env, signal, report, helperTimeoutMs } = options;
  try {
    return await askHelper(helper, address, { env, signal, timeoutMs: helperTimeoutMs });
  } catch (error) {
    signal.throwIfAborted();
    const message = `docker-credential-${helper} gives no login: ${(error as Error).message}`;
    report({ level: 'warn', event: 'warning', message });
    return undefined;
  }
}
