import * as z from 'zod';
import { EngineRefusedError, InternalError } from '../../errors.ts';
import type { ContainerRecord, ContainerSummary, ImageRecord, MountRequest } from '../container.ts';
import { unmodelledSettings } from './unmodelled.ts';

/** What we read of the engine's answers. Fields beyond these are left alone, so that a newer engine does not break us. */
const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const words = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? undefined);
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((map) => map ?? {});

const mountRequest = z
  .looseObject({ Type: z.string(), Source: text, Target: z.string(), ReadOnly: z.boolean().optional() })
  .transform(({ Type, Source, Target, ReadOnly, ...options }): MountRequest => ({
    type: Type,
    source: Source,
    target: Target,
    readOnly: ReadOnly,
    options,
  }));

const mountPoint = z
  .object({
    Type: z.string().default('bind'),
    Source: z.string().default(''),
    Destination: z.string(),
    Name: text,
    RW: z.boolean().default(true),
  })
  .transform(({ Type, Source, Destination, Name, RW }) => ({
    type: Type,
    source: Source,
    destination: Destination,
    name: Name,
    readOnly: !RW,
  }));

const containerInspect = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Pid: z.number(),
    ExitCode: z.number(),
    StartedAt: z.string(),
  }),
  GraphDriver: z
    .object({ Data: z.object({ UpperDir: text }).nullish() })
    .nullish()
    .transform((driver) => driver?.Data?.UpperDir),
  Mounts: z
    .array(mountPoint)
    .nullish()
    .transform((list) => list ?? []),
  Config: z.looseObject({
    Image: z.string(),
    Env: strings,
    Cmd: words,
    Entrypoint: words,
    Tty: flag,
    User: text,
    WorkingDir: text,
    Labels: labels,
  }),
  HostConfig: z.looseObject({
    Binds: strings,
    Mounts: z
      .array(mountRequest)
      .nullish()
      .transform((list) => list ?? []),
    GroupAdd: strings,
    SecurityOpt: strings,
    Privileged: flag,
    PidMode: text,
    UsernsMode: text,
    NetworkMode: text,
  }),
});

export function readContainer(answer: unknown): ContainerRecord {
  const { Id, Name, Image, State, GraphDriver, Mounts, Config, HostConfig } = read(
    containerInspect,
    answer,
    'container',
  );
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    image: { reference: Config.Image, id: Image },
    state: {
      status: State.Status,
      running: State.Running,
      pid: State.Pid,
      exitCode: State.ExitCode,
      everStarted: !State.StartedAt.startsWith('0001-'),
    },
    settings: {
      env: Config.Env,
      entrypoint: Config.Entrypoint,
      command: Config.Cmd,
      tty: Config.Tty,
      user: Config.User,
      workingDir: Config.WorkingDir,
      binds: HostConfig.Binds,
      mounts: HostConfig.Mounts,
      groupAdd: HostConfig.GroupAdd,
      securityOpt: HostConfig.SecurityOpt,
      privileged: HostConfig.Privileged,
      pidMode: HostConfig.PidMode,
      usernsMode: HostConfig.UsernsMode,
      networkMode: HostConfig.NetworkMode,
    },
    labels: Config.Labels,
    mountPoints: Mounts,
    upperDir: GraphDriver,
    unmodelled: unmodelledSettings(Config, HostConfig),
  };
}

const containerList = z.array(
  z.object({
    Id: z.string(),
    Names: strings,
    Labels: labels,
    HostConfig: z.object({ NetworkMode: z.string().default('') }).nullish(),
    Mounts: z.array(z.object({ Destination: z.string() })).nullish(),
  }),
);

export function readList(answer: unknown): ContainerSummary[] {
  return read(containerList, answer, 'list of containers').map(({ Id, Names, Labels, HostConfig, Mounts }) => ({
    id: Id,
    name: (Names[0] ?? '').replace(/^\//, ''),
    labels: Labels,
    networkMode: HostConfig?.NetworkMode ?? '',
    mountDestinations: (Mounts ?? []).map(({ Destination }) => Destination),
  }));
}

const imageInspect = z.object({
  Id: z.string(),
  RepoDigests: strings,
  Config: z.object({ Env: strings, Cmd: words, Entrypoint: words, User: text, WorkingDir: text }).nullish(),
});

export function readImage(answer: unknown): ImageRecord {
  const { Id, RepoDigests, Config } = read(imageInspect, answer, 'image');
  return {
    id: Id,
    digests: RepoDigests,
    config: Config
      ? {
          env: Config.Env,
          entrypoint: Config.Entrypoint,
          command: Config.Cmd,
          user: Config.User,
          workingDir: Config.WorkingDir,
        }
      : undefined,
  };
}

const processList = z.object({ Titles: z.array(z.string()), Processes: z.array(z.array(z.string())) });

/** Rows of `ps`, by the titles of its columns. */
export function readProcesses(answer: unknown): ReadonlyMap<string, string>[] {
  const { Titles, Processes } = read(processList, answer, 'list of processes');
  return Processes.map((row) => new Map(Titles.map((title, index) => [title, row[index] ?? ''])));
}

const created = z.object({ Id: z.string(), Warnings: strings });

export function readCreated(answer: unknown): { id: string; warnings: readonly string[] } {
  const { Id, Warnings } = read(created, answer, 'answer to create');
  return { id: Id, warnings: Warnings };
}

const exited = z.object({ StatusCode: z.number(), Error: z.object({ Message: text }).nullish() });

export function readExit(answer: unknown): { exitCode: number } {
  const { StatusCode, Error } = read(exited, answer, 'answer to wait');
  // An engine that cannot tell says 0, and this beside it.
  if (Error?.Message !== undefined)
    throw new EngineRefusedError(`the engine cannot tell how the container ended: ${Error.Message}`);
  return { exitCode: StatusCode };
}

function read<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  // Only the places: a value could be one that nobody may see.
  const places = result.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new InternalError(`the engine described a ${what} in a way that offshoot does not understand: ${places}`);
}
