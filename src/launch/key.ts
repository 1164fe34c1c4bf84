import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord } from '../runtime/container.ts';
import { label } from './labels.ts';

/** What makes a launch the same launch, and the name that its sibling has. */
export interface Identity {
  readonly key: string;
  readonly name: string;
}

/**
 * An engine gives a name to one container only: that is what makes a key launch once, however many launch it at the
 * same time. So the name follows from the key, and of self only where the key does too.
 */
export function identityOf(plan: Plan, self: ContainerRecord): Identity {
  const asked = Object.fromEntries(Object.entries(plan).filter(([name]) => !ofTheWay.has(name)));
  const key = plan.key ?? digest(JSON.stringify({ self: self.id, ...asked })).slice(0, 32);
  const base = plan.key === undefined ? baseName(self) : 'offshoot';
  return { key, name: plan.name ?? `${base}-${digest(key).slice(0, 12)}` };
}

/** How something is launched, which makes no other sibling of it. */
const ofTheWay: ReadonlySet<string> = new Set<keyof Plan>([
  ...([
    'start',
    'when',
    'whenTimeoutMs',
    'whenElse',
    'ready',
    'readyTimeoutMs',
    'statusFile',
    'runtime',
    'namespace',
    'host',
    'pull',
    'pullTimeoutMs',
    'attach',
    'key',
    'dryRun',
    'self',
    'compat',
  ] as const),
]);

/** The name of a sibling's sibling does not grow: it takes the place of the part that the key gave. */
function baseName({ name, labels }: ContainerRecord): string {
  const key = labels[label.key];
  const suffix = key === undefined ? '' : `-${digest(key).slice(0, 12)}`;
  return suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function waiterName(siblingName: string): string {
  return `${siblingName}-waiter`;
}

export function siblingOf(nameOfWaiter: string): string {
  return nameOfWaiter.replace(/-waiter$/, '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
