// node tools/engines/run.ts KIND [-- COMMAND…]: starts an engine, runs the command with DOCKER_HOST set (without one:
// until Ctrl-C), and stops it again. Ends with the command's status.
import { constants } from 'node:os';
import { execa } from 'execa';
import { type Engine, engineKinds, isEngineKind, startEngine, sweepEngines } from './index.ts';

const [kind, dashes, ...command] = process.argv.slice(2);
if (!isEngineKind(kind) || (dashes !== undefined && dashes !== '--')) {
  console.error(`usage: node tools/engines/run.ts ${engineKinds.join('|')} [-- COMMAND…]`);
  process.exit(64);
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort(name));

await sweepEngines();
try {
  const engine = await startEngine(kind, { report: (line) => console.error(line), signal: interrupted.signal });
  console.log(`DOCKER_HOST=${engine.host}`);
  try {
    process.exitCode = command.length > 0 ? await run(engine, command) : await untilInterrupted(engine);
  } finally {
    await engine.stop();
  }
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  process.exitCode = 130;
}

/** Ctrl-C in a terminal reaches the command too; other signals reach only us, who pass them on and wait for its end. */
async function run(engine: Engine, [file = '', ...args]: readonly string[]): Promise<number> {
  const child = execa(file, args, { stdio: 'inherit', reject: false, env: { DOCKER_HOST: engine.host } });
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
  const result = await child;
  if (result.exitCode !== undefined) return result.exitCode;
  return result.signal ? 128 + constants.signals[result.signal] : 127;
}

/** The world's process keeps us alive meanwhile. */
async function untilInterrupted(engine: Engine): Promise<number> {
  const signal = new Promise<number>((resolve) => interrupted.signal.addEventListener('abort', () => resolve(0)));
  return await Promise.race([signal, engine.gone.then(() => 1)]);
}
