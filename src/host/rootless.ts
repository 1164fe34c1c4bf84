import { InvalidArgumentError } from '../errors.ts';
import { type HostView, readHost } from './host-view.ts';

export const rootlessModes = ['auto', 'enabled', 'disabled'] as const;
/** `auto`: as it is; `enabled`: it has to be so; `disabled`: as if we were root. */
export type RootlessMode = (typeof rootlessModes)[number];

export interface Rootless {
  readonly rootless: boolean;
  /** What tells it, for people. */
  readonly reason: string;
}

/**
 * Are we without the rights of the machine's root: another user, or root of a user namespace alone?
 * @throws InvalidArgumentError for `enabled` as root, and for what is no mode
 */
export function detectRootless(mode: RootlessMode = 'auto', host: HostView = readHost()): Rootless {
  if (!rootlessModes.includes(mode))
    throw new InvalidArgumentError('mode', `${JSON.stringify(mode)}: expected ${rootlessModes.join(', ')}`);
  if (mode === 'disabled') return { rootless: false, reason: 'rootless mode is disabled' };
  const found = look(host);
  if (mode === 'enabled' && !found.rootless)
    throw new InvalidArgumentError('mode', `"enabled": expected a user other than root; ${found.reason}`);
  return found;
}

function look(host: HostView): Rootless {
  if (host.uid !== 0) return { rootless: true, reason: `we are user ${host.uid}` };
  const all = /^\s*0\s+0\s+4294967295\s*$/.test(host.read('/proc/self/uid_map')?.split('\n')[0] ?? '');
  return all
    ? { rootless: false, reason: 'we are root' }
    : { rootless: true, reason: 'we are root of a user namespace alone' };
}
