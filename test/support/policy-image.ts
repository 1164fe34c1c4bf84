import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { LabEngine } from './lab.ts';

/** An image with a policy baked in, and a shell: its id. The classic builder takes its folder as a tarball. */
export async function policyImage({ docker, host }: LabEngine, policy: object | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offshoot-policy-'));
  try {
    const lines = [
      'FROM offshoot-test/busybox:1',
      'COPY --from=offshoot:bundle /opt/offshoot /opt/offshoot',
      'COPY policy.json /etc/offshoot/policy.json',
      'ENTRYPOINT ["/opt/offshoot/entrypoint.sh"]',
      'CMD ["true"]',
    ];
    await writeFile(join(folder, 'Dockerfile'), lines.join('\n'));
    await writeFile(join(folder, 'policy.json'), typeof policy === 'string' ? policy : JSON.stringify(policy));
    const env = { DOCKER_HOST: host, DOCKER_CONFIG: '/nonexistent', DOCKER_BUILDKIT: '0' };
    const { stdout } = await execa(docker, ['build', '--quiet', folder], { env });
    return stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
