import { readdir, rm, rmdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { cgroupOf } from './daemons.ts';

const cgroups = '/sys/fs/cgroup';

/** What outlives an engine whose processes and mounts are gone: its folder and its empty cgroups. */
export async function removeLeftovers(dir: string): Promise<void> {
  await removeCgroups(cgroupOf(dir));
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

async function removeCgroups(name: string): Promise<void> {
  const hierarchies = await readdir(cgroups).catch(() => []);
  await Promise.all(['.', ...hierarchies].map((hierarchy) => removeTree(`${cgroups}/${hierarchy}/${name}`)));
}

/** Cgroups are removed from the leaves up, by rmdir alone: the files in them cannot be deleted. */
async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return;
  for (const entry of entries) if (entry.isDirectory()) await removeTree(`${folder}/${entry.name}`);
  // Busy for a moment after its last process has ended.
  for (let attempt = 0; attempt < 50; attempt++) {
    const code = await rmdir(folder).then(
      () => 'done',
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code !== 'EBUSY') return;
    await setTimeout(20);
  }
}
