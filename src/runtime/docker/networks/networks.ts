import * as z from 'zod';
import { ConflictError, EngineRefusedError, NotFoundError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { checkOwner } from '../../owner.ts';
import type { NetworkRecord, NetworkSpec } from '../../runtime.ts';
import { pause } from '../../../timing.ts';
import { askJson, askMaybe, isRefusal, labelFilter, tell } from '../wire/ask.ts';
import { endpoint as endpointCodec } from '../create/compound.ts';
import type { Connection } from '../connect/connect.ts';
import { slowCallMs } from '../containers/create-container.ts';
import { labels, read, text } from '../wire/read.ts';

const network = z
  .object({
    Id: z.string(),
    Name: z.string(),
    Driver: z.string().default(''),
    Created: text,
    Options: labels,
    Labels: labels,
    Internal: z.boolean().default(false),
    IPAM: z.object({ Config: z.array(z.object({ Subnet: text, Gateway: text, IPRange: text })).nullish() }).nullish(),
    Containers: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform(({ Id, Name, Driver, Options, Labels, Internal, IPAM, Containers }): NetworkRecord => ({
    id: Id,
    name: Name,
    driver: Driver,
    driverOptions: Options,
    labels: Labels,
    internal: Internal,
    subnets: (IPAM?.Config ?? []).flatMap(({ Subnet, Gateway, IPRange }) =>
      Subnet === undefined ? [] : [{ subnet: Subnet, gateway: Gateway, ipRange: IPRange }],
    ),
    containers: Object.keys(Containers ?? {}),
  }));

const mtuOption = 'com.docker.network.driver.mtu';

export function networksOf({ api }: Connection): Adapter['networks'] {
  async function list(filters: object, signal: AbortSignal): Promise<NetworkRecord[]> {
    const query = { filters: JSON.stringify(filters) };
    const answer = await askJson(api, { method: 'GET', path: '/networks', query, signal }, { what: 'list networks' });
    return read('list of networks', () => z.array(network).parse(answer));
  }

  /** The engine takes parts of names too. */
  async function called(name: string, signal: AbortSignal): Promise<NetworkRecord[]> {
    return (await list({ name: [name] }, signal)).filter((one) => one.name === name);
  }

  async function create(spec: NetworkSpec, signal: AbortSignal): Promise<string> {
    const { mtu, subnets = [], driverOptions } = spec;
    const body = {
      Name: spec.name,
      // Engines before 25 make a second network of the same name without it; later ones never do.
      CheckDuplicate: true,
      Driver: spec.driver ?? 'bridge',
      Labels: { ...spec.labels },
      Options: { ...driverOptions, ...(mtu !== undefined && { [mtuOption]: String(mtu) }) },
      EnableIPv6: spec.ipv6 ?? false,
      Internal: spec.internal ?? false,
      Attachable: spec.attachable ?? false,
      ...(subnets.length > 0 && {
        IPAM: {
          Config: subnets.map(({ subnet, gateway, ipRange }) => ({
            Subnet: subnet,
            ...(gateway !== undefined && { Gateway: gateway }),
            ...(ipRange !== undefined && { IPRange: ipRange }),
          })),
        },
      }),
    };
    const request = { method: 'POST', path: '/networks/create', body, signal, timeoutMs: slowCallMs } as const;
    const answer = await askJson(api, request, { what: `create the network ${spec.name}`, accepted: [200, 201] });
    return read('answer to create', () => z.object({ Id: z.string() }).parse(answer)).Id;
  }

  async function remove(name: string, signal: AbortSignal): Promise<void> {
    const request = { method: 'DELETE', path: pathOf(name), signal, timeoutMs: slowCallMs } as const;
    try {
      await tell(api, request, {
        what: `remove the network ${name}`,
        accepted: [200, 204],
        missing: ['network', name],
      });
    } catch (error) {
      if (error instanceof NotFoundError) return;
      if (isRefusal(error, /has active endpoints|being used|associated containers/))
        throw new ConflictError(`containers are in the network ${name}`, { cause: error });
      throw error;
    }
  }

  return {
    async inspect(name, { signal }) {
      const expected = { what: 'inspect the network', missing: ['network', name] } as const;
      const answer = await askMaybe(api, { method: 'GET', path: pathOf(name), signal }, expected);
      return answer === undefined ? undefined : read('network', () => network.parse(answer));
    },

    list: ({ labels: wanted, signal }) => list(wanted === undefined ? {} : { label: labelFilter(wanted) }, signal),

    async ensure(spec, { signal }) {
      const found = checkOwner('network', (await called(spec.name, signal))[0], spec);
      if (found !== undefined) return { id: found.id, created: false };
      const id = await create(spec, signal).catch(async (error: unknown) => {
        if (!isRefusal(error, /already exists|already used|already in use|overlaps/)) throw error;
        // By somebody at the same moment, who has its addresses before it can be seen.
        for (let left = 20; left > 0; left -= 1) {
          if ((await called(spec.name, signal)).length > 0) return undefined;
          await pause(50, signal);
        }
        throw error;
      });
      // Two at once may both have been let through: all keep the same one of them, by its id, and take back theirs.
      const [first, ...others] = (await called(spec.name, signal)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      if (first === undefined) throw new EngineRefusedError(`the network ${spec.name} was removed while it was made`);
      if (others.some((other) => other.id === id) && id !== undefined) await remove(id, signal);
      checkOwner('network', first, spec);
      return { id: first.id, created: first.id === id };
    },

    remove: (name, { signal }) => remove(name, signal),

    async connect(name, container, endpoint, { signal }) {
      const body = {
        Container: container,
        EndpointConfig: endpointCodec.write(endpoint),
      };
      const request = { method: 'POST', path: `${pathOf(name)}/connect`, body, signal, timeoutMs: slowCallMs } as const;
      const reference = `${name}, or no container ${container}`;
      try {
        await tell(api, request, { what: `connect ${container} to ${name}`, missing: ['network', reference] });
      } catch (error) {
        if (!isRefusal(error, /already exists in network|already connected|already attached/)) throw error;
      }
    },

    async disconnect(name, container, { signal }) {
      const body = { Container: container, Force: true };
      const request = {
        method: 'POST',
        path: `${pathOf(name)}/disconnect`,
        body,
        signal,
        timeoutMs: slowCallMs,
      } as const;
      const reference = `${name}, or no container ${container}`;
      try {
        await tell(api, request, { what: `disconnect ${container} from ${name}`, missing: ['network', reference] });
      } catch (error) {
        if (!isRefusal(error, /is not connected to/)) throw error;
      }
    },
  };
}

function pathOf(name: string): string {
  return `/networks/${encodeURIComponent(name)}`;
}
