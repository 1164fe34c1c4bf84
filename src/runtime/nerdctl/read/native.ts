import * as z from 'zod';

/** What we read of `nerdctl container inspect --mode=native`: containerd's record, with the OCI spec in it. */

const list = <T extends z.ZodType>(item: T): z.ZodType<readonly z.output<T>[]> =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const strings = list(z.string());
const map = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries): Readonly<Record<string, string>> => entries ?? {});
const number = z.number().nullish();
const rates = list(z.object({ major: z.number(), minor: z.number(), rate: z.number() }));

const mount = z.object({
  destination: z.string(),
  type: z.string().default(''),
  source: z.string().default(''),
  options: strings,
});

const resources = z.object({
  devices: list(z.object({ allow: z.boolean(), type: z.string().optional(), access: z.string().optional() })),
  memory: z
    .object({
      limit: number,
      swap: number,
      reservation: number,
      swappiness: number,
      disableOOMKiller: z.boolean().nullish(),
    })
    .nullish(),
  cpu: z
    .object({
      shares: number,
      quota: number,
      period: number,
      realtimeRuntime: number,
      realtimePeriod: number,
      cpus: z.string().nullish(),
      mems: z.string().nullish(),
    })
    .nullish(),
  pids: z.object({ limit: number }).nullish(),
  blockIO: z.object({ weight: number, throttleReadBpsDevice: rates }).nullish(),
  unified: map,
});

const process = z.object({
  terminal: z.boolean().default(false),
  user: z.object({ uid: z.number().default(0), gid: z.number().default(0), additionalGids: list(z.number()) }),
  args: strings,
  env: strings,
  cwd: z.string().default('/'),
  capabilities: z.object({ bounding: strings }).nullish(),
  rlimits: list(z.object({ type: z.string(), soft: z.number(), hard: z.number() })),
  noNewPrivileges: z.boolean().default(false),
  oomScoreAdj: number,
  apparmorProfile: z.string().nullish(),
});

const linux = z.object({
  sysctl: map,
  resources: resources.nullish(),
  cgroupsPath: z.string().nullish(),
  namespaces: list(z.object({ type: z.string(), path: z.string().optional() })),
  devices: list(z.object({ path: z.string() })),
  seccomp: z.looseObject({}).nullish(),
  maskedPaths: strings,
  readonlyPaths: strings,
});

const spec = z.object({
  process,
  root: z.object({ readonly: z.boolean().default(false) }).nullish(),
  hostname: z.string().default(''),
  mounts: list(mount),
  annotations: map,
  linux,
});

const task = z.object({
  Pid: z.number(),
  Status: z.object({ Status: z.string() }),
  NetNS: z
    .object({
      PortMappings: list(
        z.object({ HostPort: z.number(), ContainerPort: z.number(), Protocol: z.string(), HostIP: z.string() }),
      ),
    })
    .nullish(),
});

export const nativeContainer = z.object({
  ID: z.string(),
  Labels: map,
  Image: z.string().default(''),
  Runtime: z.object({ Name: z.string() }).nullish(),
  Snapshotter: z.string().default(''),
  SnapshotKey: z.string().optional(),
  CreatedAt: z.string().default(''),
  Spec: spec,
  Process: task.nullish(),
});
export type NativeContainer = z.output<typeof nativeContainer>;
export type NativeNamespace = NativeContainer['Spec']['linux']['namespaces'][number];
export type NativeMount = NativeContainer['Spec']['mounts'][number];

/** What only the other mode tells. */
export const compatContainer = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string().default(''),
    Running: z.boolean().default(false),
    Paused: z.boolean().default(false),
    Pid: z.number().default(0),
    ExitCode: z.number().default(0),
    StartedAt: z.string().default(''),
    /** Why its last start failed. */
    Error: z.string().default(''),
    Health: z
      .object({ Status: z.string().default(''), Log: z.array(z.object({ End: z.string() })).nullish() })
      .nullish(),
  }),
  Config: z.object({ Labels: map }).default({ Labels: {} }),
});
export type CompatContainer = z.output<typeof compatContainer>;
