import type { Fault, Which } from '../../support/fault-proxy.ts';

/** A way to launch: what the launcher is asked beside the image, and what its payload does. */
export type Flow = 'now' | 'later' | 'waiter' | 'attached' | 'undo';

export interface Step extends Which {
  readonly flow: Flow;
  readonly does: string;
  /** What it is: what is only asked, what makes a container, what starts one, what may be done twice. */
  readonly kind: 'greets' | 'asks' | 'attaches' | 'creates' | 'starts' | 'removes';
}

const inspect = /^\/containers\/[0-9a-f]{64}\/json$/;
const create = /^\/containers\/create$/;
const start = /^\/containers\/\w+\/start$/;

const row = (flow: Flow, kind: Step['kind'], does: string, method: string, path: RegExp, nth = 1): Step => ({
  flow,
  kind,
  does,
  method,
  path,
  nth,
});

/** Every request that a launch makes, by the flow that needs it; of a waiter those that come after its launch's. */
export const steps: readonly Step[] = [
  row('now', 'greets', 'greets the engine', 'GET', /^\/_ping$/),
  row('now', 'asks', 'inspects self', 'GET', inspect),
  row('now', 'asks', 'inspects the image', 'GET', /^\/images\/offshoot-test\/busybox:1\/json$/),
  row('now', 'asks', "inspects self's image", 'GET', /^\/images\/sha256:\w+\/json$/),
  row('now', 'asks', 'looks for its key', 'GET', /^\/containers\/json$/),
  row('now', 'creates', 'creates the sibling', 'POST', create),
  row('now', 'starts', 'starts the sibling', 'POST', start),
  row('later', 'creates', 'creates the waiter', 'POST', create, 2),
  row('later', 'starts', 'starts the waiter', 'POST', start),
  row('waiter', 'greets', 'greets the engine', 'GET', /^\/_ping$/, 2),
  row('waiter', 'asks', 'inspects the sibling', 'GET', inspect, 2),
  row('waiter', 'asks', 'inspects it at the deadline', 'GET', inspect, 3),
  row('waiter', 'starts', 'starts the sibling', 'POST', start, 2),
  row('waiter', 'asks', 'looks for itself', 'GET', /-waiter\/json$/),
  row('waiter', 'removes', 'removes itself', 'DELETE', /^\/containers\/\w+$/),
  row('attached', 'asks', 'asks for its terminal', 'GET', inspect, 2),
  row('attached', 'attaches', 'attaches', 'POST', /\/attach$/),
  row('attached', 'starts', 'starts the sibling', 'POST', start),
  row('attached', 'asks', 'waits for its end', 'POST', /\/wait$/),
  row('undo', 'asks', 'looks what there is', 'GET', inspect, 2),
  row('undo', 'removes', 'removes the sibling', 'DELETE', /^\/containers\/\w+$/),
];

/** A fault, and what else happens: the launcher gets a signal once the fault has happened. */
export interface FaultCase {
  readonly name: string;
  readonly fault: Fault | { readonly is: 'held'; readonly at: 'request' | 'answer' };
  readonly signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL';
}

/** Which signal comes while the engine does not answer, and which kills the launcher, is the same at each run. */
const hangs: readonly FaultCase[] = [
  { name: 'hangs, TERM', fault: { is: 'silent' }, signal: 'SIGTERM' },
  { name: 'hangs, INT', fault: { is: 'silent' }, signal: 'SIGINT' },
];
const kills: readonly FaultCase[] = [
  { name: 'KILL before', fault: { is: 'held', at: 'request' }, signal: 'SIGKILL' },
  { name: 'KILL after', fault: { is: 'held', at: 'answer' }, signal: 'SIGKILL' },
];

/** By a random number from 0 to 1 for each that cuts somewhere. */
export function faultsOf({ kind, flow }: Step, random: () => number): FaultCase[] {
  const makes = kind === 'creates' || kind === 'starts';
  const hasBody = kind === 'greets' || kind === 'asks' || kind === 'creates';
  const all: readonly (FaultCase | false)[] = [
    { name: 'cut before', fault: { is: 'unsent' } },
    kind === 'creates' && { name: 'cut in request', fault: { is: 'half-sent', part: random() } },
    kind !== 'attaches' && { name: 'answer lost', fault: { is: 'lost' } },
    kind !== 'attaches' && { name: 'cut in head', fault: { is: 'cut', in: 'head', part: random() } },
    hasBody && { name: 'cut in body', fault: { is: 'cut', in: 'body', part: random() } },
    kind === 'attaches' && { name: 'cut in stream', fault: { is: 'broken-stream', after: Math.floor(random() * 40) } },
    { name: '500', fault: { is: 'answer', status: 500, message: 'a fault of the engine' } },
    kind !== 'attaches' && {
      name: 'proxy 504',
      fault: { is: 'answer', status: 504, message: 'no answer in time', carriedOut: true },
    },
    // A waiter is no process of the stage.
    ...(flow === 'waiter' ? [] : makes ? [...hangs, ...kills] : hangs.slice(random() < 0.5 ? 1 : 0).slice(0, 1)),
  ];
  return all.filter((one) => one !== false);
}

/** Repeatable: the same numbers for the same words. */
export function randomFrom(seed: string): () => number {
  let state = Buffer.from(seed).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01_00_01_93), 0x81_1c_9d_c5);
  return () => {
    // mulberry32
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
