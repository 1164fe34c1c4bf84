import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  describeError,
  EngineRefusedError,
  EngineUnavailableError,
  ImageUnavailableError,
  NameTakenError,
} from '../errors.ts';
import type { Reporter } from '../events.ts';
import { commandLineOf } from '../runtime/command-line.ts';
import type { ContainerRecord, ContainerSpec } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { pause } from '../timing.ts';
import { label } from './labels.ts';
import { processMark } from './own-process.ts';

/** How long a request that makes something may still go on after we were told to end: its answer tells what to undo. */
const graceMs = 1_000;
/** An undo has its own time, as the signal that made it necessary is over; nobody waits when there was none. */
const undoMs = 1_500;
const patientUndoMs = 30_000;
const pollMs = 50;
/** A create whose connection broke is made again for so long: an engine that is started again is back by then. */
const patienceMs = 10_000;
const againMs = 200;

/** What this launch has made, so that it can be undone. */
export interface Ledger {
  create(spec: ContainerSpec, signal: AbortSignal): Promise<string>;
  start(id: string, signal: AbortSignal): Promise<void>;
  /** What was made is meant to stay from now on. */
  keep(): void;
  /** Removes all of it, last first, within three seconds of the signal that ends us, and says what is left. */
  undo(ending: AbortSignal): Promise<void>;
}

interface Entry {
  readonly name: string;
  /** `undefined` while the engine has not told it. */
  id?: string;
  /** The engine has said that it has not made it. */
  refused?: boolean;
  started?: boolean;
}

export function openLedger(runtime: Runtime, report: Reporter): Ledger {
  const attempt = randomUUID();
  let entries: Entry[] = [];

  async function undoOne(entry: Entry, signal: AbortSignal): Promise<void> {
    const { name, started } = entry;
    const record = await made(entry, signal);
    if (record === undefined) return;
    if (record.state.startedAt !== undefined && !started) {
      report({ level: 'warn', event: 'undone', message: `${name} stays: it has been started already`, id: record.id });
      return;
    }
    await runtime.remove(record.id, { signal });
    report({ level: 'info', event: 'undone', message: `removed ${name} again`, id: record.id });
  }

  /** An engine that has not answered yet may make it still. Only what bears our mark is ours to remove. */
  async function made({ name, id, refused }: Entry, signal: AbortSignal): Promise<ContainerRecord | undefined> {
    for (;;) {
      const record = await runtime.inspect(id ?? name, { signal });
      if (id !== undefined || (record !== undefined && isOurs(record))) return record;
      if (refused) return undefined;
      await pause(pollMs, signal);
    }
  }

  function isOurs({ labels }: ContainerRecord): boolean {
    return labels[label.attempt] === attempt;
  }

  /** A name is given once: what a broken request has made is in the way of the next one, and is taken away. */
  async function createAgain(spec: ContainerSpec, signal: AbortSignal): ReturnType<Runtime['create']> {
    const end = performance.now() + patienceMs;
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await runtime.create(spec, { signal });
      } catch (error) {
        if (signal.aborted || performance.now() > end) throw error;
        if (error instanceof EngineUnavailableError) {
          const message = `${describeError(error)}; ${spec.name} is created again`;
          report({ level: 'warn', event: 'warning', message });
        } else if (isFirst || !(error instanceof NameTakenError && (await isFreed(spec.name, signal)))) throw error;
      }
      await pause(againMs, signal);
    }
  }

  async function isFreed(name: string, signal: AbortSignal): Promise<boolean> {
    const holder = await runtime.inspect(name, { signal });
    if (holder !== undefined && isOurs(holder)) await runtime.remove(holder.id, { signal });
    return holder === undefined || isOurs(holder);
  }

  return {
    async create(spec, signal) {
      signal.throwIfAborted();
      const entry: Entry = { name: spec.name };
      entries.push(entry);
      const labels = { ...spec.labels, [label.attempt]: attempt, [label.launcher]: processMark() };
      const { id, warnings } = await createAgain({ ...spec, labels }, delayed(signal, graceMs)).catch(
        (error: unknown) => {
          // The name is another's.
          if (error instanceof NameTakenError) entries = entries.filter((one) => one !== entry);
          entry.refused = isRefusal(error);
          throw error;
        },
      );
      entry.id = id;
      for (const message of warnings)
        report({ level: 'warn', event: 'warning', message: `the engine warns: ${message}` });
      report({ level: 'info', event: 'created', message: `created ${spec.name}`, id, name: spec.name });
      signal.throwIfAborted();
      return id;
    },

    async start(id, signal) {
      signal.throwIfAborted();
      const entry = entries.find((one) => one.id === id);
      if (entry !== undefined) entry.started = true;
      await runtime.start(id, { signal: delayed(signal, graceMs) });
      report({ level: 'info', event: 'started', message: `started ${entry?.name ?? id.slice(0, 12)}`, id });
      signal.throwIfAborted();
    },

    keep: () => {
      entries = [];
    },

    async undo(ending) {
      const signal = AbortSignal.any([AbortSignal.timeout(patientUndoMs), delayed(ending, undoMs)]);
      // Those that may still appear come after those that are there, and get the time that is left.
      const known = entries.filter(({ id }) => id !== undefined).toReversed();
      for (const entry of [...known, ...entries.filter(({ id }) => id === undefined)]) {
        try {
          await undoOne(entry, signal);
        } catch (error) {
          const reason = signal.aborted ? 'the engine did not answer in time' : describeError(error);
          const message = `${entry.name} may be left behind: ${reason}; ${commandLineOf(runtime)} rm -f ${entry.id ?? entry.name}`;
          report({ level: 'error', event: 'undone', message, name: entry.name });
        }
      }
    },
  };
}

/** The engine has answered that it has made nothing; a proxy's answer may be less true. */
function isRefusal(error: unknown): boolean {
  return error instanceof EngineRefusedError || error instanceof ImageUnavailableError;
}

/** Aborted so long after `signal`, with its reason. */
function delayed(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  const abort = (): void => {
    void sleep(ms, undefined, { ref: false }).then(() => late.abort(signal.reason));
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
