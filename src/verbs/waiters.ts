import { label } from '../launch/labels.ts';
import type { ContainerSummary } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Target } from './containers.ts';

/** Who waits to start this container, running or not. */
export async function waitersOf(
  { id, labels }: Target,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<readonly ContainerSummary[]> {
  return labels[label.role] === 'sibling' ? runtime.list({ labels: { [label.sibling]: id }, signal }) : [];
}
