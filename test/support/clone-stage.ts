import { randomBytes } from 'node:crypto';
import { cloneSettings } from '../../src/clone/clone.ts';
import type { LaunchResult } from '../../src/launch/result.ts';
import { inheritAll } from '../../src/plan/inherit.ts';
import type { Inspect } from './compare-inspects.ts';
import { connectTo, never } from './runtime.ts';
import { createCase, type SettingCase, type Stage } from './setting-cases.ts';
import type { Json } from './setting-cases/types.ts';

export interface Siblings {
  readonly self: Inspect;
  readonly sibling: Inspect;
}

/** Makes a container by the case, has it launch a sibling of itself (or clones it as it would), and shows both. */
export async function siblingsOf(stage: Stage, setting: SettingCase, launch: boolean): Promise<Siblings> {
  await setting.prepare?.(stage);
  const self = await create(stage, setting);
  if (!launch) return createdSibling(stage, self);
  await stage.lab.ok('start', self);
  return launchedFrom(stage, self);
}

/** The launcher runs in that container, as `docker exec` starts it. */
export async function launchedFrom({ lab }: Stage, self: string): Promise<Siblings> {
  const words = ['/opt/offshoot/offshoot', 'launch', 'self', '--log-level', 'warn'];
  const launched = await lab.docker('exec', '-u', '0', '-e', 'LD_PRELOAD=', self, ...words);
  if (launched.exitCode !== 0) throw new Error(`${launched.exitCode}: ${launched.stderr}`);
  const result = JSON.parse(launched.stdout.split('\n').at(-1) ?? '') as LaunchResult;
  if (!self.startsWith(result.self.id)) throw new Error(`${self} takes itself for ${result.self.id}`);
  return { self: await inspect(lab, self), sibling: await inspect(lab, result.id) };
}

/** For what cannot run here: cloned as the launcher does, and created. */
async function createdSibling({ lab, engine }: Stage, self: string): Promise<Siblings> {
  const runtime = await connectTo(engine.host);
  const record = await runtime.inspect(self, { signal: never });
  if (record === undefined) throw new Error(`no container ${self}`);
  const image = await runtime.inspectImage(record.image.id, { signal: never });
  const request = { inherit: inheritAll, isControl: () => false, launcherPaths: [] };
  const { settings } = cloneSettings({ self: record, selfImage: image?.config, sameImage: true, request });
  const name = lab.nameOf(`clone-${randomBytes(3).toString('hex')}`);
  const { id } = await runtime.create({ ...settings, name, image: record.image.id }, { signal: never });
  return { self: await inspect(lab, self), sibling: await inspect(lab, id) };
}

async function inspect(lab: Stage['lab'], id: string): Promise<Inspect> {
  return (await lab.inspect(id)) as unknown as Inspect;
}

/** With the way to its engine. */
function create(stage: Stage, setting: SettingCase): Promise<string> {
  const socket = `${stage.engine.socket}:/var/run/docker.sock`;
  const request = { name: 'self', image: 'offshoot:dev' };
  if (setting.body === undefined) return createCase(stage, setting, { ...request, flags: ['-v', socket] });
  const asked = typeof setting.body === 'function' ? setting.body(stage) : setting.body;
  const host = (asked['HostConfig'] ?? {}) as Json;
  const binds = [...((host['Binds'] ?? []) as string[]), socket];
  return createCase(stage, { ...setting, body: { ...asked, HostConfig: { ...host, Binds: binds } } }, request);
}
