import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { eventually, type LabEngine, labOn } from './lab.ts';
import type { Registry } from './registry.ts';

const forwarder = fileURLToPath(new URL('../../tools/engines/forward.ts', import.meta.url));

/**
 * Has 127.0.0.1:PORT of an engine that others use too lead to registries of a test: a container in the host's network
 * stands there for as long as it takes.
 */
export async function offerRegistries(
  engine: LabEngine,
  registries: Readonly<Record<number, Registry>>,
): Promise<() => Promise<void>> {
  const lab = labOn(engine);
  const started = Object.entries(registries).map(async ([port, { socket }]) => {
    const flags = [
      ...['--network', 'host', '--entrypoint', '/opt/offshoot/bin/node'],
      ...['-v', `${forwarder}:/forward.ts:ro`, '-v', `${dirname(socket)}:${dirname(socket)}`],
    ];
    const id = await lab.start({ image: 'offshoot:dev', flags, words: ['/forward.ts', port, socket], socket: false });
    await eventually(async () => expect((await lab.logs(id)).stdout).toContain('listening'));
  });
  try {
    await Promise.all(started);
  } catch (error) {
    await lab.cleanUp();
    throw error;
  }
  return () => lab.cleanUp();
}
