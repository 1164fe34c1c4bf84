import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidRequestError } from '../../../errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { TlsFiles } from './transport.ts';

/**
 * The certificates in `DOCKER_CERT_PATH`; without it the system's authorities count, and we have no certificate. As
 * with the Docker CLI, the folder may hold nothing but the authority.
 * @throws InvalidRequestError naming the file that cannot be read
 */
export function readTls(endpoint: Endpoint): TlsFiles | undefined {
  const folder = endpoint.kind === 'tcp' ? endpoint.tls?.certPath : undefined;
  if (folder === undefined) return undefined;
  const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const ca = read(join(folder, 'ca.pem'));
  if (!existsSync(certPath) && !existsSync(keyPath)) return { ca, client: undefined };
  return { ca, client: { cert: read(certPath), key: read(keyPath) } };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidRequestError([{ name: 'DOCKER_CERT_PATH', problem: `${path} cannot be read: ${reason}` }]);
  }
}
