import { emulated, no, type Part, yes } from './can.ts';
import { whyNoCtr } from '../command/ctr.ts';
import { hasTools, noTools } from '../files/jail.ts';
import { hasTerminal, noTerminal } from '../exec/terminal.ts';
import { noStdin } from '../command/words.ts';

/** Of containers that are there. */
export const containers: Part<
  'pause' | 'rename' | 'containerHealth' | 'writeStdin' | 'stats' | 'copy' | 'hostPaths' | 'exec' | 'execTty'
> = async ({ client, namespace, signal }) => {
  const [withoutCtr, terminal, tools] = await Promise.all([
    whyNoCtr({ client, namespace }, signal),
    hasTerminal(client, signal),
    hasTools(client, signal),
  ]);
  return {
    pause: yes,
    rename: yes,
    containerHealth: emulated('where systemd does not run the checks, one is run when its result is asked for'),
    writeStdin: no(noStdin),
    stats: withoutCtr === undefined ? yes : no(withoutCtr),
    copy: tools ? emulated('by tar of nerdctl’s host, as `nerdctl cp` takes no streams') : no(noTools),
    hostPaths: yes,
    exec: yes,
    execTty: terminal ? emulated('by a terminal of script(1), as nerdctl needs one of its own') : no(noTerminal),
  };
};
