import * as z from 'zod';
import { NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { checkOwner } from '../../owner.ts';
import type { VolumeRecord } from '../../runtime.ts';
import { askJson, askMaybe, labelFilter, tell } from '../wire/ask.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from '../containers/create-container.ts';
import { labels, read } from '../wire/read.ts';

const volume = z
  .object({
    Name: z.string(),
    Driver: z.string(),
    Labels: labels,
    Options: labels,
    Mountpoint: z.string().default(''),
  })
  .transform(({ Name, Driver, Labels, Options, Mountpoint }): VolumeRecord => ({
    name: Name,
    driver: Driver,
    labels: Labels,
    driverOptions: Options,
    mountpoint: Mountpoint,
  }));

const volumeList = z.object({
  Volumes: z
    .array(volume)
    .nullish()
    .transform((list) => list ?? []),
});

export function volumesOf({ api }: Connection): Adapter['volumes'] {
  async function inspect(name: string, signal: AbortSignal): Promise<VolumeRecord | undefined> {
    const expected = { what: 'inspect the volume', missing: ['volume', name] } as const;
    const answer = await askMaybe(api, { method: 'GET', path: pathOf(name), signal }, expected);
    return answer === undefined ? undefined : read('volume', () => volume.parse(answer));
  }

  return {
    inspect: (name, { signal }) => inspect(name, signal),

    async list({ labels: wanted, signal }) {
      const query = wanted === undefined ? {} : { filters: JSON.stringify({ label: labelFilter(wanted) }) };
      const answer = await askJson(api, { method: 'GET', path: '/volumes', query, signal }, { what: 'list volumes' });
      return read('list of volumes', () => volumeList.parse(answer)).Volumes;
    },

    async ensure(spec, { signal }) {
      const { name } = spec;
      if (checkOwner('volume', await inspect(name, signal), spec) !== undefined) return { name, created: false };
      const body = {
        Name: name,
        Driver: spec.driver ?? 'local',
        Labels: { ...spec.labels },
        DriverOpts: { ...spec.driverOptions },
      };
      const request = { method: 'POST', path: '/volumes/create', body, signal, timeoutMs: slowCallMs } as const;
      const answer = await askJson(api, request, { what: `create the volume ${name}`, accepted: [200, 201] });
      // An engine answers with one that somebody has made meanwhile, whatever its labels.
      checkOwner(
        'volume',
        read('volume', () => volume.parse(answer)),
        spec,
      );
      return { name, created: true };
    },

    async remove(name, { signal }) {
      const expected = { what: `remove the volume ${name}`, accepted: [204], missing: ['volume', name] } as const;
      try {
        await tell(api, { method: 'DELETE', path: pathOf(name), signal, timeoutMs: slowCallMs }, expected);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    },
  };
}

function pathOf(name: string): string {
  return `/volumes/${encodeURIComponent(name)}`;
}
