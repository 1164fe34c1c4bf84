import type { Docker } from '../support/docker.ts';

/** Removes what bears the mark, and fails when something stays. */
export async function nothingLeft(docker: Docker): Promise<void> {
  await docker.cleanUp();
  const left = await docker.ok('ps', '-aq', '--filter', `label=${docker.mark}`);
  if (left !== '') throw new Error(`left behind in ${docker.engine.kind}: ${left}`);
}
