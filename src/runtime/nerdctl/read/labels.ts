import * as z from 'zod';
import type { NativeContainer } from './native.ts';
import { readLabel } from '../command/read.ts';

/** What nerdctl writes down about a container in labels of its own. Containers of others have none, or few. */
const books = /^(?:nerdctl\/|containerd\.io\/|io\.containerd\.)/;

/** Those that somebody gave it. */
export function ownLabels({ Labels }: Pick<NativeContainer, 'Labels'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(Labels).filter(([name]) => !books.test(name)));
}

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const mountBook = z.array(
  z.object({
    Type: z.string(),
    Name: z.string().optional(),
    Source: z.string().default(''),
    Destination: z.string(),
    Driver: z.string().optional(),
    Mode: z.string().default(''),
    RW: z.boolean().default(true),
    Propagation: z.string().default(''),
  }),
);
export type BookedMount = z.output<typeof mountBook>[number];

const device = z.object({ PathOnHost: z.string(), PathInContainer: z.string(), CgroupPermissions: z.string() });

const jsonBooks = {
  networks: ['nerdctl/networks', strings],
  extraHosts: ['nerdctl/extraHosts', strings],
  anonymousVolumes: ['nerdctl/anonymous-volumes', strings],
  mounts: ['nerdctl/mounts', mountBook],
  dns: ['nerdctl/dns', z.object({ DNSServers: strings, DNSResolvConfOptions: strings, DNSSearchDomains: strings })],
  hostConfig: ['nerdctl/host-config', z.object({ Devices: z.array(device).nullish() })],
  ipc: ['nerdctl/ipc', z.object({ mode: z.string(), shmSize: z.string().optional() })],
  log: ['nerdctl/log-config', z.object({ driver: z.string(), opts: z.record(z.string(), z.string()).nullish() })],
} as const satisfies Record<string, readonly [label: string, schema: z.ZodType]>;

type Books = { readonly [K in keyof typeof jsonBooks]: z.output<(typeof jsonBooks)[K][1]> | undefined };

export function booksOf({ Labels }: Pick<NativeContainer, 'Labels'>): Books {
  return Object.fromEntries(
    Object.entries(jsonBooks).map(([key, [label, schema]]) => [key, readLabel(Labels[label], schema as z.ZodType)]),
  ) as Books;
}
