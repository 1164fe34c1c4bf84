import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notSupported } from '../../complete.ts';
import type { RegistryAuth } from '../../runtime.ts';
import type { Way } from '../command/way.ts';

/** What nerdctl is run with, and how it is made away with. */
export interface Login {
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/**
 * A login for one call: in a folder that only we may read, in place of those that nerdctl would take.
 * @throws NotSupportedError where nerdctl runs on the host, which does not see our files
 */
export async function loginFor(way: Way, auth: RegistryAuth | undefined): Promise<Login> {
  if (auth === undefined) return { env: {}, remove: async () => {} };
  if (way.onHost)
    throw notSupported('nerdctl', 'pull (auth)', undefined, 'on its host it uses the logins of root there');
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-login-'));
  const { serverAddress, username, password, identityToken, registryToken } = auth;
  const pair = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
  const entry = {
    ...(username !== undefined && { auth: pair }),
    ...(identityToken !== undefined && { identitytoken: identityToken }),
    ...(registryToken !== undefined && { registrytoken: registryToken }),
  };
  const config = JSON.stringify({ auths: { [serverAddress]: entry } });
  await writeFile(join(folder, 'config.json'), config, { mode: 0o600 });
  return { env: { DOCKER_CONFIG: folder }, remove: () => rm(folder, { recursive: true, force: true }) };
}
