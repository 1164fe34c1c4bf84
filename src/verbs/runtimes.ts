import { describeError, OffshootError } from '../errors.ts';
import { parseFindingSelf } from '../plan/finding-self.ts';
import { detectRuntime } from '../runtime/detect.ts';
import { availableRuntimes, type RuntimeDescription } from '../runtime/registry.ts';
import type { Capabilities, Runtime } from '../runtime/runtime.ts';
import type { RunVerb, VerbContext } from './context.ts';
import { jsonLine, printable } from './table.ts';
import { isOn } from './values.ts';

/** One that does not answer is not waited for. */
const patienceMs = 5_000;

interface Told {
  readonly name: string;
  /** The engine that answers by this name; `null`: none. */
  readonly engine: string | null;
  /** Why there is none. */
  readonly reason: string | null;
  /** `null` where the engine does not let us ask. */
  readonly capabilities: Capabilities | null;
}

/** Each by its own name, as `--runtime` takes it. Status 69 where no engine is here. */
export const runtimes: RunVerb = async (line, context) => {
  const { env, readFile, write } = context;
  const asked = parseFindingSelf({ env, flags: line.flags, readFile });
  const told = await Promise.all(availableRuntimes().map((one) => look(one, asked, context)));
  await write(isOn(line, 'json') ? jsonLine(told) : told.map(textOf).join(''));
  return told.some(({ engine }) => engine !== null) ? 0 : 69;
};

async function look(
  { name, needs }: RuntimeDescription,
  asked: { readonly namespace?: string; readonly host?: 'auto' | 'always' | 'never' },
  { env, signal }: VerbContext,
): Promise<Told> {
  const none = { name, engine: null, capabilities: null };
  if (needs !== undefined) return { ...none, reason: `it would need ${needs}` };
  const limit = AbortSignal.timeout(patienceMs);
  const within = AbortSignal.any([signal, limit]);
  let runtime: Runtime | undefined;
  try {
    const { namespace, host } = asked;
    runtime = await detectRuntime(name, env, { namespace, host, signal: within, report: () => {} });
    const capabilities = await capabilitiesOf(runtime, within);
    return { name, engine: runtime.description, reason: null, capabilities };
  } catch (error) {
    signal.throwIfAborted();
    return { ...none, reason: limit.aborted ? `no answer in ${patienceMs / 1000} s` : describeError(error) };
  } finally {
    await runtime?.close();
  }
}

async function capabilitiesOf(runtime: Runtime, signal: AbortSignal): Promise<Capabilities | null> {
  try {
    return await runtime.capabilities({ signal });
  } catch (error) {
    // A proxy before it does not let us ask, or its adapter cannot tell.
    if (error instanceof OffshootError) return null;
    throw error;
  }
}

function textOf({ name, engine, reason, capabilities }: Told): string {
  if (engine === null) return `${name}: not here\n${indented(reason ?? '')}`;
  const entries = Object.entries(capabilities ?? {});
  const can = entries.flatMap(([what, state]) =>
    state.supported ? [`${what}${state.emulated === undefined ? '' : ` (emulated: ${state.emulated})`}`] : [],
  );
  const lacks = entries.flatMap(([what, state]) => (state.supported ? [] : [`no ${what}: ${state.reason}`]));
  const all = capabilities === null ? ['it does not tell what it can do'] : [`can ${can.join(', ')}`, ...lacks];
  return `${name}: ${printable(engine)}\n${all.map(indented).join('')}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${printable(line)}\n`)
    .join('');
}
