import * as z from 'zod';
import { EngineRefusedError } from '../../../errors.ts';
import type { ContainerRecord, ContainerSummary, ImageConfig, ImageRecord } from '../../container.ts';
import type { Codec } from './codecs.ts';
import { labels, read, strings, text } from '../wire/read.ts';
import { readSettings, settingSections } from './read-settings.ts';
import { codecs } from './settings.ts';

/** What we read of the engine's answers. Fields beyond these are left alone, so that a newer engine does not break us. */
const mountPoint = z
  .object({
    Type: z.string().default('bind'),
    Source: z.string().default(''),
    Destination: z.string(),
    Name: text,
    Driver: text,
    RW: z.boolean().default(true),
  })
  .transform(({ Type, Source, Destination, Name, Driver, RW }) => ({
    type: Type,
    source: Source,
    destination: Destination,
    name: Name,
    driver: Driver,
    readOnly: !RW,
  }));

const platform = z.object({ os: z.string(), architecture: z.string(), variant: text });

/** Without one nothing more could be asked of it. */
const id = z.string().min(1);

const containerInspect = z.object({
  Id: id,
  Name: z.string(),
  Image: z.string(),
  Created: text,
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Pid: z.number(),
    ExitCode: z.number(),
    StartedAt: z.string(),
    Health: z.object({ Status: text }).nullish(),
  }),
  GraphDriver: z
    .object({ Data: z.object({ UpperDir: text }).nullish() })
    .nullish()
    .transform((driver) => driver?.Data?.UpperDir),
  Mounts: z
    .array(mountPoint)
    .nullish()
    .transform((list) => list ?? []),
  ImageManifestDescriptor: z.object({ platform: platform.nullish() }).nullish(),
  Config: z.object({ Image: z.string(), Labels: labels }),
});

export function readContainer(answer: unknown): ContainerRecord {
  return read('container', () => {
    const { Id, Name, Image, Created, State, GraphDriver, Mounts, Config, ImageManifestDescriptor } =
      containerInspect.parse(answer);
    const { os, architecture, variant } = ImageManifestDescriptor?.platform ?? {};
    return {
      id: Id,
      name: Name.replace(/^\//, ''),
      createdAt: Created,
      image: {
        reference: Config.Image,
        id: Image,
        platform: os && [os, architecture, variant].filter(Boolean).join('/'),
      },
      state: {
        status: State.Status,
        running: State.Running,
        pid: State.Pid,
        exitCode: State.ExitCode,
        startedAt: State.StartedAt.startsWith('0001-') ? undefined : State.StartedAt,
        // Podman and older engines say `none`, or nothing, where there is no check.
        health: State.Health?.Status === 'none' ? undefined : State.Health?.Status,
      },
      labels: Config.Labels,
      mountPoints: Mounts,
      upperDir: GraphDriver,
      ...readSettings(settingSections.parse(answer)),
    };
  });
}

const containerList = z.array(
  z.object({
    Id: id,
    Names: strings,
    Labels: labels,
    Image: text,
    State: text,
    Created: z.number().nullish(),
    HostConfig: z.object({ NetworkMode: z.string().default('') }).nullish(),
    Mounts: z.array(z.object({ Destination: z.string() })).nullish(),
  }),
);

export function readList(answer: unknown): ContainerSummary[] {
  return read('list of containers', () => containerList.parse(answer)).map(
    ({ Id, Names, Labels, State, Created, HostConfig, Mounts, Image }) => ({
      id: Id,
      status: State,
      createdAt: Created ? new Date(Created * 1_000) : undefined,
      name: (Names[0] ?? '').replace(/^\//, ''),
      labels: Labels,
      image: Image,
      networkMode: HostConfig?.NetworkMode ?? '',
      mountDestinations: (Mounts ?? []).map(({ Destination }) => Destination),
    }),
  );
}

const imageInspect = z.object({
  Id: id,
  RepoDigests: strings,
  Os: text,
  Architecture: text,
  Variant: text,
  Config: z.record(z.string(), z.unknown()).nullish(),
});

export function readImage(answer: unknown): ImageRecord {
  return read('image', () => {
    const { Id, RepoDigests, Os, Architecture, Variant, Config } = imageInspect.parse(answer);
    return {
      id: Id,
      digests: RepoDigests,
      platform: Os && Architecture && [Os, Architecture, Variant].filter(Boolean).join('/'),
      config: Config ? readImageConfig(Config) : undefined,
    };
  });
}

function readImageConfig(config: Readonly<Record<string, unknown>>): ImageConfig {
  const get = <T>(name: string, codec: Codec<T>): T | undefined =>
    codec.read(config[name], { path: `Config.${name}`, unknown: () => {} });
  return {
    env: get('Env', codecs.env),
    entrypoint: get('Entrypoint', codecs.entrypoint),
    command: get('Cmd', codecs.command),
    user: get('User', codecs.user),
    workingDir: get('WorkingDir', codecs.workingDir),
    labels: get('Labels', codecs.labels),
    exposedPorts: get('ExposedPorts', codecs.exposedPorts),
    healthcheck: get('Healthcheck', codecs.healthcheck),
    stopSignal: get('StopSignal', codecs.stopSignal),
    shell: get('Shell', codecs.shell),
    volumes: get('Volumes', codecs.volumes),
  };
}

const processList = z.object({ Titles: z.array(z.string()), Processes: z.array(z.array(z.string())) });

/** Rows of `ps`, by the titles of its columns. */
export function readProcesses(answer: unknown): ReadonlyMap<string, string>[] {
  const { Titles, Processes } = read('list of processes', () => processList.parse(answer));
  return Processes.map((row) => new Map(Titles.map((title, index) => [title, row[index] ?? ''])));
}

const created = z.object({ Id: id, Warnings: strings });

export function readCreated(answer: unknown): { id: string; warnings: readonly string[] } {
  const { Id, Warnings } = read('answer to create', () => created.parse(answer));
  return { id: Id, warnings: Warnings };
}

const exited = z.object({ StatusCode: z.number(), Error: z.object({ Message: text }).nullish() });

export function readExit(answer: unknown): { exitCode: number } {
  const { StatusCode, Error } = read('answer to wait', () => exited.parse(answer));
  // An engine that cannot tell says 0, and this beside it.
  if (Error?.Message !== undefined)
    throw new EngineRefusedError(`the engine cannot tell how the container ended: ${Error.Message}`);
  return { exitCode: StatusCode };
}
