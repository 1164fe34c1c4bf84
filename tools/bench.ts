// npm run bench -- launch [rounds] [engine kind]: time and memory of a launch, against the engine's own floor.
import { isEngineKind, startEngine } from './engines/index.ts';
import { benchLaunch } from './bench/launch.ts';

const [what, rounds = '15', kind = 'docker-20.10'] = process.argv.slice(2);
if (what !== 'launch' || !/^[1-9]\d*$/.test(rounds) || !isEngineKind(kind)) {
  console.error('usage: npm run bench -- launch [rounds] [engine kind]');
  process.exit(64);
}
const engine = await startEngine(kind);
try {
  const met = await benchLaunch(engine, Number(rounds));
  process.exitCode = met ? 0 : 1;
} finally {
  await engine.stop();
}
