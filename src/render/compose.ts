import type { CreateRequest } from '../runtime/runtime.ts';
import { composeNetworks } from './compose-networks.ts';
import { composeBlkio, composeDeviceRequests, composeHealthcheck, composeSecurity } from './compose-parts.ts';
import { type Entry, given, type Said, text, unsayable } from './compose-rules.ts';
import { keysOfConfig, keysOfHost } from './compose-service.ts';
import { composeVolumes } from './compose-volumes.ts';
import { type Members, membersOf } from './members.ts';
import {
  isNote,
  note,
  notesOf,
  notesOnVariables,
  type RenderOptions,
  type Rendering,
  variablesOf,
} from './rendering.ts';
import { yaml } from './yaml.ts';

/** A Compose file of one service, which is the container that the request asks for. */
export function compose(request: CreateRequest, options: RenderOptions): Rendering {
  const body = membersOf(request.body);
  const host = body.inner('HostConfig');
  const { name, platform } = request;
  const networks = composeNetworks(body, host, request.connect);
  const { volumes, external, notes } = composeVolumes(body, host);
  const devices = composeDeviceRequests(host);
  const said: readonly Said[] = [
    ...text('image')(body, 'Image'),
    { key: 'container_name', value: name },
    ...given('platform', platform),
    ...networks.entries,
    ...environment(body, options),
    ...Object.entries(keysOfConfig).flatMap(([member, rule]) => rule(body, member)),
    ...composeHealthcheck(body),
    ...given('volumes', volumes.length === 0 ? undefined : volumes),
    ...Object.entries(keysOfHost).flatMap(([member, rule]) => rule(host, member)),
    ...composeSecurity(host),
    ...composeBlkio(host),
    ...devices.deploy,
  ];
  const entries = withDevices(
    said.filter((one): one is Entry => !isNote(one)),
    devices.cdi,
  );
  const service = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  return {
    text: yaml(
      undollared({
        name: projectOf(name),
        services: { [name]: service },
        ...there('networks', networks.external),
        ...there('volumes', external),
      }),
    ),
    notes: [...new Set(notesOf([...said, ...networks.notes, ...notes, ...devices.notes, ...unsayable(body.left())]))],
  };
}

/** Compose takes no other characters for the name of a project. */
function projectOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'offshoot'
  );
}

function there(section: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (names.length === 0) return {};
  return { [section]: Object.fromEntries(names.map((name) => [name, { name, external: true }])) };
}

/** CDI devices have the same key as other devices. */
function withDevices(entries: readonly Entry[], cdi: readonly string[]): readonly Entry[] {
  if (cdi.length === 0) return entries;
  const { value = [] } = entries.find(({ key }) => key === 'devices') ?? {};
  return [
    ...entries.filter(({ key }) => key !== 'devices'),
    { key: 'devices', value: [...(value as unknown[]), ...cdi] },
  ];
}

function environment(body: Members, options: RenderOptions): Said[] {
  const variables = variablesOf(body.texts('Env') ?? []);
  const named = variables.filter(([name]) => name !== '');
  const value = options.showValues
    ? Object.fromEntries(named.map(([name, content]) => [name, content ?? null]))
    : [...new Set(named.map(([name]) => name))];
  return [
    ...given('environment', named.length === 0 ? undefined : value),
    ...notesOnVariables(variables, options),
    ...(named.length < variables.length ? [note(body.pathOf('Env'), 'compose takes no variable without a name')] : []),
  ];
}

/** Compose puts variables of its own environment in, also in the middle of a value, unless the dollar is doubled. */
function undollared(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(undollared);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, undollared(member)]));
}
