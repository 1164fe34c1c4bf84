/**
 * A program on a host of containerd, which mounts what its `ctr` prepares. It is a process of its own, because a folder is
 * mounted for those alone who are on the host. Prints what it has seen: IMAGE never|always
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import process, { argv, env } from 'node:process';
import { join } from 'node:path';
import { nerdctlRuntime } from '../../src/runtime/nerdctl/runtime.ts';
import { failureOf, never } from './runtime.ts';

const [, , image = '', mode] = argv;
const runtime = await nerdctlRuntime(
  { PATH: env['PATH'], OFFSHOOT_NAMESPACE: 'tinkerbell' },
  { signal: never, report: () => {}, host: mode === 'always' ? 'always' : 'never' },
);
const { snapshots } = runtime;
const codeOf = async (work: Promise<unknown>): Promise<unknown> => ((await failureOf(work)) as { code?: string }).code;
const [key, version] = [`mounted-${mode}`, `mounted-${mode}.v1`];
const mountinfo = (): string => readFileSync(mode === 'always' ? '/proc/1/mountinfo' : '/proc/self/mountinfo', 'utf8');

await snapshots.prepare(key, image);
const [first] = await snapshots.mounts(key);
const mounted = await snapshots.mount(key);
const seen = readdirSync(mounted.folder);
writeFileSync(join(mounted.folder, 'written'), 'yes');
const whileMounted = [
  await codeOf(snapshots.commit(version, key)),
  await codeOf(snapshots.mount(key)),
  await codeOf(snapshots.remove(key)),
];
for (const _ of [1, 2]) await mounted.unmount();
await snapshots.commit(version, key);

const committed = await snapshots.mount(version);
const text = readFileSync(join(committed.folder, 'written'), 'utf8');
const written = await codeOf((async () => writeFileSync(join(committed.folder, 'other'), ''))());
await committed.unmount();
const ofCommitted = await codeOf(snapshots.mounts(version));

// Aborted at any moment, nothing stays mounted.
const before = (await snapshots.list()).length;
for (const ms of [1, 30, 60, 90, 120, 150, 200]) {
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), ms);
  const outcome = await snapshots.mount(version, { signal: controller.signal }).catch((error: unknown) => error);
  if (outcome instanceof Error && outcome !== reason) throw outcome;
  if (outcome !== reason) await (outcome as typeof mounted).unmount();
}
const deadline = Date.now() + 20_000;
while (
  (mountinfo().includes('offshoot-snapshot') || (await snapshots.list()).length > before) &&
  Date.now() < deadline
);

process.stdout.write(
  JSON.stringify({
    type: first?.type,
    hasUpper: first?.options.some((option) => option.startsWith('upperdir=/')),
    seen,
    whileMounted,
    gone: [mounted, committed].map(({ folder }) => existsSync(folder)),
    readOnly: [mounted.readOnly, committed.readOnly],
    text,
    written,
    ofCommitted,
    left: {
      mounts: mountinfo().includes('offshoot-snapshot'),
      snapshots: (await snapshots.list()).length - before,
    },
  }),
);
for (const name of [key, version]) await snapshots.remove(name);
