import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { figure } from '../support/figure.ts';
import { eventually, labTest } from '../support/lab.ts';
import { processesOf } from '../support/processes.ts';

const many = 20;

// Podman starts one after the other, and takes minutes for so many on a busy machine.
const engines = inject('engines').filter(({ kind }) => kind.startsWith('docker'));

describe.skipIf(engines.length === 0).each(engines.slice(0, 1))('many waiters on $kind', (engine) => {
  const it = labTest(engine);

  it('start each its own sibling, once, when their condition holds', { timeout: 180_000 }, async ({ lab }) => {
    const folder = await lab.folder();
    const since = Date.now();
    // From one container, as twenty processes of it.
    const service = await lab.start({
      flags: ['--entrypoint', '/opt/offshoot/bin/sh', '-v', `${folder}:/data`],
      words: ['-c', 'while :; do sleep 1; done'],
    });
    const numbers = Array.from({ length: many }, (_, at) => at).join(' ');
    const one = `offshoot launch offshoot-test/busybox:1 --key ${lab.mark}-$i --when file:/data/done --network none -- true`;
    const script = `for i in ${numbers}; do ${one} & done; wait`;
    const results = (await lab.ok('exec', service, '/opt/offshoot/bin/sh', '-c', script)).split('\n');
    expect(new Set(results.map((line) => (JSON.parse(line) as { id: string }).id)).size).toBe(many);
    const waiters = results.map((line) => (JSON.parse(line) as { waiter: { id: string } }).waiter.id);
    await eventually(async () => expect((await lab.logs(waiters.at(-1) ?? '')).stderr).toContain('does not hold'));
    const pss = (await processesOf(waiters[0] ?? '')).reduce((sum, { pssKiB }) => sum + pssKiB, 0);
    figure(`watching a condition on ${engine.kind}: ${pss} KiB PSS, one of ${many}`);
    expect(await lab.startsOf(service, since)).toEqual([]);

    await writeFile(join(folder, 'done'), '');
    await expect.poll(() => lab.startsOf(service, since), { timeout: 90_000 }).toHaveLength(many);
    await Promise.all(waiters.map((id) => lab.gone(id)));
    const starts = await lab.startsOf(service, since);
    expect(new Set(starts.map(({ Actor }) => Actor.ID)).size).toBe(many);
    expect(starts).toHaveLength(many);
  });
});
