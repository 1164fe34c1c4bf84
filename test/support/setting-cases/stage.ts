import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, type LabEngine, labOn } from '../lab.ts';

export type Stage = Awaited<ReturnType<typeof stageOn>>;

/** Where one case plays: volumes, networks and other containers with names of its own, and a folder of this machine. */
export async function stageOn<Engine extends LabEngine>(engine: Engine) {
  const lab: Lab = labOn(engine);
  const folder = await mkdtemp(join(tmpdir(), 'offshoot setting-')); // with a space
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'file'), 'content\n');
  const image = 'offshoot-test/busybox:1';
  const subnets = new Map<string, string>();
  let port: number | undefined;

  return {
    engine,
    lab,
    folder,
    /** A file in the folder. */
    file: join(folder, 'file'),
    /** An image that is there beside the one of the case. */
    image,
    /** What others call it: the name of a volume, network or container that the case calls so. */
    named: lab.nameOf,
    /** A port of the host that probably nobody has. */
    get port(): number {
      return (port ??= randomInt(20_000, 30_000));
    },

    volume: lab.volume,
    /** One that has this folder in it. */
    async volumeWith(name: string, path: string): Promise<void> {
      await lab.volume(name);
      await lab.ok(
        'run',
        '--rm',
        '--label',
        lab.mark,
        '-v',
        `${lab.nameOf(name)}:/v`,
        image,
        'mkdir',
        '-p',
        `/v/${path}`,
      );
    },
    network: lab.network,
    /** One in which addresses can be asked for: see `addressIn`. */
    async networkWithSubnet(name: string): Promise<void> {
      const create = ['network', 'create', '--label', lab.mark];
      for (let tries = 20; ; tries -= 1) {
        const subnet = `10.${randomInt(128, 255)}.${randomInt(0, 255)}`;
        const made = await lab.docker(...create, '--subnet', `${subnet}.0/24`, lab.nameOf(name));
        if (made.exitCode === 0) {
          subnets.set(name, subnet);
          return;
        }
        if (tries === 0 || !made.stderr.includes('overlaps')) throw new Error(made.stderr);
      }
    },
    addressIn(network: string, last: number): string {
      const subnet = subnets.get(network);
      if (subnet === undefined) throw new Error(`${network} has no subnet of ours`);
      return `${subnet}.${last}`;
    },
    /** A container that runs. */
    other: (name: string, ...flags: string[]): Promise<string> =>
      lab.start({ name, image, flags, words: ['sleep', '1000'], socket: false }),

    async cleanUp(): Promise<void> {
      await lab.cleanUp();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
