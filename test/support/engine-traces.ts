import { readdir, readFile, stat } from 'node:fs/promises';
import { cgroupOf } from '../../tools/engines/daemons.ts';

/** What this machine has of an engine in that folder: the names of its programs, `mount`, `folder`, `cgroup`. */
export async function tracesOf(dir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(pids.map((pid) => programOf(pid, dir)));
  const hierarchies = (await readdir('/sys/fs/cgroup')).map((name) => `/sys/fs/cgroup/${name}/${cgroupOf(dir)}`);
  const cgroups = await Promise.all([...hierarchies, `/sys/fs/cgroup/${cgroupOf(dir)}`].map(exists));
  return [
    ...programs.flat(),
    ...((await readFile('/proc/self/mounts', 'utf8')).includes(dir) ? ['mount'] : []),
    ...((await exists(dir)) ? ['folder'] : []),
    ...(cgroups.includes(true) ? ['cgroup'] : []),
  ];
}

/** Of a process that has to do with the folder; of another one nothing. */
async function programOf(pid: string, dir: string): Promise<string[]> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [cgroup, words, name] = await Promise.all([read('cgroup'), read('cmdline'), read('comm')]);
  return cgroup.includes(cgroupOf(dir)) || words.includes(dir) ? [name.trim()] : [];
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
