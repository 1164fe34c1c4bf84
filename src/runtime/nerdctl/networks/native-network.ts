import * as z from 'zod';
import type { NetworkRecord, Subnet } from '../../runtime.ts';
import { read } from '../command/read.ts';

const text = z.string().optional();
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries): Readonly<Record<string, string>> => entries ?? {});

const range = z.looseObject({ subnet: text, gateway: text, ipRange: text });

const plugin = z.looseObject({
  type: z.string().default(''),
  isGateway: z.boolean().optional(),
  ipMasq: z.boolean().optional(),
  mtu: z.number().optional(),
  master: text,
  mode: text,
  ipam: z.looseObject({ ranges: z.array(z.array(range)).nullish() }).nullish(),
});
type Plugin = z.output<typeof plugin>;

/** What we read of `nerdctl network inspect --mode=native`: a file of CNI, with nerdctl's own words in it. */
const native = z.object({
  CNI: z.looseObject({ name: z.string(), plugins: z.array(plugin).nullish(), type: text }),
  NerdctlID: text.nullable(),
  NerdctlLabels: labels,
  Containers: z.array(z.object({ ID: z.string() })).nullish(),
});

/** Whose is a network that two have made at the same moment? nerdctl tells both that it is theirs. */
export const makerLabel = 'offshoot.maker';

export interface FoundNetwork {
  readonly record: NetworkRecord;
  /** Who has made it, where that was one of us. */
  readonly maker: string | undefined;
}

export function networksIn(answer: string): FoundNetwork[] {
  return read('network', answer, z.array(native)).map(({ CNI, NerdctlID, NerdctlLabels, Containers }) => {
    const [first] = CNI.plugins ?? [];
    const { [makerLabel]: maker, ...given } = NerdctlLabels;
    const record = {
      // Those of other programs have no id.
      id: NerdctlID ?? CNI.name,
      name: CNI.name,
      driver: first?.type ?? CNI.type ?? '',
      driverOptions: optionsOf(first),
      labels: given,
      subnets: subnetsOf(CNI.plugins ?? []),
      internal: first?.type === 'bridge' && first.isGateway !== true,
      containers: (Containers ?? []).map(({ ID }) => ID),
    };
    return { record, maker };
  });
}

function subnetsOf(plugins: readonly Plugin[]): Subnet[] {
  const ranges = plugins.flatMap(({ ipam }) => ipam?.ranges ?? []).flatMap((one) => one.slice(0, 1));
  return ranges.flatMap(({ subnet, gateway, ipRange }) => (subnet === undefined ? [] : [{ subnet, gateway, ipRange }]));
}

/** By the names that `nerdctl network create --opt` takes. */
function optionsOf(first: Plugin | undefined): Readonly<Record<string, string>> {
  const { type, mtu, master, mode, ipMasq, isGateway } = first ?? {};
  return {
    ...(mtu && { mtu: String(mtu) }),
    ...(master && { parent: master }),
    ...(mode && { mode }),
    ...(type === 'bridge' && isGateway === true && ipMasq !== true && { 'ip-masq': 'false' }),
  };
}
