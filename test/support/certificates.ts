import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensurePackages } from '../../tools/engines/index.ts';

/** Makes a certificate authority in a folder: `NAME.pem`, `NAME.key`. */
export async function makeAuthority(dir: string, name: string): Promise<void> {
  await ensurePackages({ '/usr/bin/openssl': 'openssl' });
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  await openssl(dir, ['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, ...files]);
}

/** A certificate for 127.0.0.1, for servers and clients alike, signed by that authority: `NAME.pem`, `NAME.key`. */
export async function makeCertificate(dir: string, name: string, authority: string): Promise<void> {
  const [request, extensions] = [`${name}.csr`, `${name}.ext`];
  await writeFile(join(dir, extensions), 'subjectAltName=IP:127.0.0.1\n');
  await openssl(dir, ['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', request]);
  const signer = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  await openssl(dir, [
    ...['x509', '-req', '-in', request, ...signer],
    ...['-days', '2', '-extfile', extensions, '-out', `${name}.pem`],
  ]);
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  await execa('openssl', args, { cwd, stdin: 'ignore' });
}
