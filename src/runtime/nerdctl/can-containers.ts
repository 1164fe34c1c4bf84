import { emulated, no, type Part, when, yes } from './can.ts';
import { hasCtr } from './stats.ts';
import { hasTerminal, noTerminal } from './terminal.ts';
import { noStdin, notYet } from './words.ts';

/** Of containers that are there. */
export const containers: Part<
  'pause' | 'rename' | 'containerHealth' | 'writeStdin' | 'stats' | 'copy' | 'hostPaths' | 'exec' | 'execTty'
> = async ({ client, signal }) => ({
  pause: yes,
  rename: yes,
  containerHealth: emulated('where systemd does not run the checks, one is run when its result is asked for'),
  writeStdin: no(noStdin),
  stats: when(await hasCtr(client, signal), 'there is no ctr beside nerdctl'),
  copy: no(notYet),
  hostPaths: yes,
  exec: yes,
  execTty: when(await hasTerminal(client, signal), noTerminal),
});
