import { isOlder } from '../../src/runtime/docker/connect/version.ts';
import type { TestEngine } from './global-engines.ts';
import { limitCases } from './setting-cases/limits.ts';
import { mixtureCases } from './setting-cases/mixtures.ts';
import { mountCases } from './setting-cases/mounts.ts';
import { networkCases } from './setting-cases/networks.ts';
import { privilegeCases } from './setting-cases/privileges.ts';
import { processCases } from './setting-cases/process.ts';
import type { Stage } from './setting-cases/stage.ts';
import type { Json, SettingCase } from './setting-cases/types.ts';

export { type Stage, stageOn } from './setting-cases/stage.ts';
export type { SettingCase } from './setting-cases/types.ts';
export { mixtureCases } from './setting-cases/mixtures.ts';

/** One setting each, or what belongs to one. */
export const singleCases: readonly SettingCase[] = [
  ...processCases,
  ...mountCases,
  ...networkCases,
  ...privilegeCases,
  ...limitCases,
];

/** Ways to make a container, which a clone and a rendering have to keep. */
export const settingCases: readonly SettingCase[] = [...singleCases, ...mixtureCases];

/** Why that engine cannot have it; `undefined`: it can. */
export function unfit({ minApi, only }: SettingCase, engine: TestEngine): string | undefined {
  if (minApi !== undefined && isOlder(engine.apiVersion, minApi)) return `needs API ${minApi}`;
  return only === undefined || only.fits(engine) ? undefined : only.reason;
}

export function casesOn(engine: TestEngine): readonly SettingCase[] {
  return settingCases.filter((one) => unfit(one, engine) === undefined);
}

export interface CaseRequest {
  /** Its last part. */
  readonly name: string;
  readonly image?: string;
  /** More flags; a case that has a body of its own takes none. */
  readonly flags?: readonly string[];
  /** Instead of what the case has after the image. */
  readonly words?: readonly string[];
  /** As environment, which both ways of making a container have. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A container that is as the case says, created and not started; its id. The case has been prepared. */
export async function createCase(stage: Stage, one: SettingCase, request: CaseRequest): Promise<string> {
  const { lab } = stage;
  const name = stage.named(request.name);
  const id = one.body === undefined ? await byFlags(stage, one, request) : await byBody(stage, one, request);
  for (const words of one.connect?.(stage) ?? []) await lab.ok('network', 'connect', ...words, name);
  return id;
}

function byFlags(stage: Stage, { flags = [], words }: SettingCase, request: CaseRequest): Promise<string> {
  return stage.lab.ok(
    'create',
    ...['--name', stage.named(request.name), '--label', stage.lab.mark],
    ...Object.entries(request.env ?? {}).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ...(typeof flags === 'function' ? flags(stage) : flags),
    ...(request.flags ?? []),
    request.image ?? stage.image,
    ...(request.words ?? words ?? defaultWords),
  );
}

async function byBody(stage: Stage, { name, body = {} }: SettingCase, request: CaseRequest): Promise<string> {
  if (request.flags !== undefined) throw new Error(`${name} is made without flags`);
  const own = typeof body === 'function' ? body(stage) : body;
  const env = Object.entries(request.env ?? {}).map(([key, value]) => `${key}=${value}`);
  const created = await stage.lab.api.createContainer({
    _query: { name: stage.named(request.name) },
    _body: {
      Image: request.image ?? stage.image,
      Cmd: defaultWords,
      HostConfig: {}, // without one the engine fills in other things
      ...own,
      ...(request.words !== undefined && { Cmd: request.words }),
      Env: [...env, ...((own['Env'] as string[] | undefined) ?? [])],
      Labels: { [stage.lab.mark]: '', ...(own['Labels'] as Json | undefined) },
    },
  } as object);
  return created.id;
}

const defaultWords = ['sleep', '1000'];
