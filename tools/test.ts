// npm test: lint, types, build, and every project of tests. Prints one closing line with the counts.
import { execa } from 'execa';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './bundle/package.ts';

const run = execa({ cwd: root, stdio: 'inherit', preferLocal: true, reject: false });
const report = join(tmpdir(), `offshoot-tests-${process.pid}.json`);

const ours = ['contract-matrix', 'last-words'].map((name) => `./test/support/${name}.ts`);
const reporters = ['json', 'default', ...ours].map((name) => `--reporter=${name}`);

const steps: readonly (readonly [string, ...string[]])[] = [
  ['tsc'],
  ['tsc', '-p', 'tsconfig.build.json', '--noEmit'],
  ['oxlint', '--type-aware'],
  ['oxfmt', '--check'],
  ['node', 'tools/build.ts'],
  ['publint', '--strict'],
  ['vitest', 'run', ...reporters, `--outputFile.json=${report}`, ...process.argv.slice(2)],
];

for (const [command, ...args] of steps) {
  console.log(`\n> ${[command, ...args].join(' ')}`);
  const { failed } = await run(command, args);
  if (failed) process.exitCode = 1;
  if (failed && command !== 'vitest') break;
}
await tellCounts();

/** A line that machines read as well as people. */
async function tellCounts(): Promise<void> {
  const text = await readFile(report, 'utf8').catch(() => undefined);
  await rm(report, { force: true });
  if (text === undefined) return;
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(text) as Record<string, number>;
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
