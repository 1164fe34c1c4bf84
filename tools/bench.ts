// npm run bench -- launch [rounds] [engine kind]: time and memory of a launch, against the engine's own floor.
// npm run bench -- nerdctl [rounds] [1.6 or 2]: the same on a host of containerd, by the nerdctl on PATH.
import { benchLaunch } from './bench/launch.ts';
import { benchNerdctl } from './bench/nerdctl.ts';
import { isEngineKind, startEngine } from './engines/index.ts';

const [what, rounds = '15', on] = process.argv.slice(2);
const kind = on ?? 'docker-20.10';
const version = on ?? '2';

if (!/^[1-9]\d*$/.test(rounds)) usage();
else if (what === 'nerdctl' && (version === '1.6' || version === '2')) {
  process.exitCode = (await benchNerdctl(Number(rounds), version)) ? 0 : 1;
} else if (what === 'launch' && isEngineKind(kind)) {
  const engine = await startEngine(kind);
  try {
    process.exitCode = (await benchLaunch(engine, Number(rounds))) ? 0 : 1;
  } finally {
    await engine.stop();
  }
} else usage();

function usage(): void {
  console.error(
    'usage: npm run bench -- launch [rounds] [engine kind]\n       npm run bench -- nerdctl [rounds] [1.6 or 2]',
  );
  process.exitCode = 64;
}
