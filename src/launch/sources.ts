import { EngineRefusedError } from '../errors.ts';
import { type PathView, resolved } from '../paths/places.ts';
import type { ContainerRecord, ContainerSettings } from '../runtime/container.ts';

/**
 * An engine makes an empty folder where the source of a bind is no more. We cannot look at its host, but the kernel
 * says of our own mounts that what they show was removed.
 * @throws EngineRefusedError
 */
export function checkSources({ binds = [] }: ContainerSettings, self: ContainerRecord, view: PathView): void {
  const inherited = new Set(self.settings.binds);
  const removed = new Set(view.mounts.filter(({ root }) => root.endsWith('//deleted')).map(({ target }) => target));
  if (removed.size === 0) return;
  for (const bind of binds) {
    const [source = '', target = ''] = bind.split(':');
    if (!inherited.has(bind) || !removed.has(resolved(target, view))) continue;
    throw new EngineRefusedError(`${source}, which is mounted at ${target}, was removed on the engine's host`, {
      hint: 'The sibling would get an empty folder instead. Make it again, or leave it behind (OFFSHOOT_INHERIT=-mounts).',
    });
  }
}
