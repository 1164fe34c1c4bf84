import type { ContainerRecord } from '../runtime/container.ts';

/** What has become of a sibling that is not ready, and what to try by hand. */
export function wayOn(
  { name }: { readonly name: string },
  record: ContainerRecord | undefined,
  program: string,
): string {
  if (record === undefined || record.state.status === 'removing')
    return 'It is removed. Launch it without OFFSHOOT_AUTO_REMOVE to look at it, or by hand: offshoot plan … --as docker-run writes the command.';
  if (record.state.running)
    return `It is kept, and runs: ${program} logs ${name}; ${program} rm -f ${name} removes it.`;
  return `It is kept: ${program} logs ${name}; ${program} start -a ${name} runs it again.`;
}
