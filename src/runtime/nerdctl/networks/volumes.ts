import * as z from 'zod';
import { ConflictError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { bears } from '../../labels.ts';
import { checkOwner } from '../../owner.ts';
import type { VolumeRecord, VolumeSpec } from '../../runtime.ts';
import { refusal, unavailable } from '../command/failures.ts';
import { logLines } from '../command/log-lines.ts';
import { read } from '../command/read.ts';
import type { Tools } from '../connect/tools.ts';

const volume = z
  .object({
    Name: z.string(),
    Mountpoint: z.string().default(''),
    Labels: z.record(z.string(), z.string()).nullish(),
  })
  .transform(({ Name, Mountpoint, Labels }): VolumeRecord => ({
    name: Name,
    // It knows no other.
    driver: 'local',
    labels: Labels ?? {},
    driverOptions: {},
    mountpoint: Mountpoint,
  }));

/** The answer of `nerdctl volume inspect`, which has those of them that are there. */
export function volumesIn(answer: string): VolumeRecord[] {
  return read('volume', answer, z.array(volume));
}

export function volumesOf({ client, namespace }: Pick<Tools, 'client' | 'namespace'>): Adapter['volumes'] {
  async function inspectAll(names: readonly string[], signal: AbortSignal): Promise<VolumeRecord[]> {
    if (names.length === 0) return [];
    const answer = await client.run(['volume', 'inspect', '--', ...names], { signal });
    if (!answer.stdout.trim().startsWith('[')) throw refusal(answer, 'inspect the volume');
    return volumesIn(answer.stdout);
  }

  const inspect = async (name: string, signal: AbortSignal): Promise<VolumeRecord | undefined> =>
    (await inspectAll([name], signal))[0];

  return {
    inspect: (name, { signal }) => inspect(name, signal),

    async list({ labels, signal }) {
      const answer = await client.run(['volume', 'ls', '--quiet'], { signal });
      if (answer.exitCode !== 0) throw refusal(answer, 'list its volumes');
      const all = await inspectAll(answer.stdout.split('\n').filter(Boolean), signal);
      return all.filter((one) => bears(one.labels, labels));
    },

    async ensure(spec, { signal }) {
      const { name } = spec;
      const flags = createFlags(spec);
      const check = (found: VolumeRecord | undefined): VolumeRecord | undefined =>
        checkOwner('volume', found, spec, `nerdctl --namespace ${namespace}`);
      if (check(await inspect(name, signal)) !== undefined) return { name, created: false };
      const answer = await client.run(['volume', 'create', ...flags, '--', name], { signal });
      if (answer.exitCode !== 0) throw refusal(answer, `create the volume ${name}`);
      // It says so of one that somebody has made meanwhile, whatever its labels.
      const wasThere = logLines(answer.stderr).some(({ message }) =>
        /already exists and will be returned/.test(message),
      );
      if (wasThere) check(await inspect(name, signal));
      return { name, created: !wasThere };
    },

    async remove(name, { signal }) {
      const answer = await client.run(['volume', 'rm', '--', name], { signal });
      if (answer.exitCode === 0) return;
      const [first] = logLines(answer.stderr);
      if (first !== undefined && first.message.endsWith(': not found')) return;
      if (first !== undefined && /is in use/.test(first.message))
        throw new ConflictError(`containers use the volume ${name}`, { cause: refusal(answer, 'remove it') });
      throw unavailable(answer) ?? refusal(answer, `remove the volume ${name}`);
    },
  };
}

function createFlags({ labels = {}, driver = 'local', driverOptions = {} }: VolumeSpec): string[] {
  const [option] = Object.keys(driverOptions);
  if (driver !== 'local' || option !== undefined) {
    const what = driver === 'local' ? `the option ${option}` : `the driver ${driver}`;
    throw notSupported('nerdctl', 'volumes.ensure', undefined, `its volumes are folders of its host: no ${what}`);
  }
  return Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}
