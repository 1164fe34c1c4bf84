import { powersOf } from '../clone/powers.ts';
import type { PolicyViolation } from '../errors.ts';
import type { ContainerSpec, ContainerSettings } from '../runtime/container.ts';
import { fields } from '../runtime/fields.ts';
import type { CreateRequest, Overridden } from '../runtime/runtime.ts';
import { nameOf, ofImage, ofKind, ofVariables } from './check-plan.ts';
import { engineSocketIn } from './engine-socket.ts';
import { problemOfReach, reachesOf } from './mount-rules.ts';
import type { Policy } from './policy.ts';

export interface CheckedRequest {
  readonly policy: Policy;
  /** Of the engine's adapter. */
  readonly runtime: string;
  /** Without the override. */
  readonly spec: ContainerSpec;
  readonly request: CreateRequest;
  /** Paths of the host where the engine's sockets are. */
  readonly sockets: readonly string[];
}

/** Pure: what the engine is to be asked for and is forbidden, after cloning, additions and the override. */
export function checkRequest({ policy, runtime, spec, request, sockets }: CheckedRequest): PolicyViolation[] {
  const { overridden } = request;
  const settings = overridden?.settings ?? spec;
  return [
    ...ofKind(runtime, policy),
    ...ofMounts(settings, policy, sockets),
    ...ofNetworks(settings, policy),
    ...ofPorts(settings, policy),
    ...ofPowers(settings, policy),
    ...(overridden === undefined ? [] : ofOverride(overridden, spec, policy)),
  ];
}

function ofMounts(settings: ContainerSettings, policy: Policy, sockets: readonly string[]): PolicyViolation[] {
  const { mounts, engineSocket } = policy;
  return reachesOf(settings).flatMap((reach) => {
    const isSocket = reach.path !== undefined && engineSocketIn(reach.path, sockets);
    if (isSocket && engineSocket === false)
      return [{ rule: 'engineSocket', problem: `${reach.shown} is or holds an engine's socket, which is not given` }];
    // Allowed by name is the socket itself, not a folder that holds it.
    if (reach.path !== undefined && engineSocket === true && isItself(reach.path, sockets)) return [];
    const problem = mounts === undefined ? undefined : problemOfReach(reach, mounts);
    return problem === undefined ? [] : [{ rule: 'mounts', problem }];
  });
}

function isItself(path: string, sockets: readonly string[]): boolean {
  return path.endsWith('.sock') && engineSocketIn(path, sockets);
}

function ofNetworks({ networkMode = 'default', networks = {} }: ContainerSettings, policy: Policy): PolicyViolation[] {
  const allowed = policy.networks;
  if (allowed === undefined) return [];
  const asked = new Set([networkMode === 'default' ? 'bridge' : networkMode, ...Object.keys(networks)]);
  return [...asked]
    .filter((name) => !allowed.includes(name))
    .map((name) => ({
      rule: 'networks',
      problem: `the network ${name} is not allowed; allowed: ${allowed.join(', ') || 'none'}`,
    }));
}

function ofPorts({ publishedPorts = [], publishAllPorts }: ContainerSettings, { publish }: Policy): PolicyViolation[] {
  if (publish || (publishedPorts.length === 0 && !publishAllPorts)) return [];
  const ports = publishedPorts.map(({ containerPort }) => containerPort).join(', ') || 'all';
  return [{ rule: 'publish', problem: `the ports ${ports} are to be published; none may be` }];
}

function ofPowers(settings: ContainerSettings, { inherit, inheritText }: Policy): PolicyViolation[] {
  const powers = inherit?.safe ? powersOf(settings) : [];
  if (powers.length === 0) return [];
  const problem = `the sibling would get ${powers.join(', ')}; allowed at most: ${JSON.stringify(inheritText)}`;
  return [{ rule: 'inherit', problem }];
}

/** What can also be asked for by a variable of its own is held to a rule of its own. */
const ruledElsewhere = ['env', 'mounts', 'network', 'labels', 'restart'];

function ofOverride(
  { image, settings, before, unmodelled }: Overridden,
  spec: ContainerSpec,
  policy: Policy,
): PolicyViolation[] {
  const { inherit, inheritText } = policy;
  const changed = Object.values(fields).flatMap((field) => {
    const group = 'group' in field ? field.group : undefined;
    if (group === undefined || ruledElsewhere.includes(group)) return [];
    const setting = 'setting' in field ? field.setting : undefined;
    const same = setting === undefined || JSON.stringify(settings[setting]) === JSON.stringify(before[setting]);
    return same || inherit === undefined || inherit.groups.includes(group) ? [] : [setting];
  });
  const had = new Set(before.env);
  const added = (settings.env ?? []).filter((entry) => !had.has(entry)).map(nameOf);
  return [
    // Engines look at the image of the request, not at that of the plan.
    ...(image === spec.image ? [] : [{ rule: 'images', problem: 'OFFSHOOT_OVERRIDE names another image' }]),
    ...(image === spec.image ? [] : ofImage(image, policy)),
    ...changed.map((setting) => ({
      rule: 'inherit',
      problem: `OFFSHOOT_OVERRIDE changes ${setting}; allowed at most: ${JSON.stringify(inheritText)}`,
    })),
    ...ofVariables(added, policy),
    ...unmodelled.map((path) => ({ rule: 'override', problem: `${path} cannot be judged` })),
  ];
}
