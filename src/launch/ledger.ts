import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../errors.ts';
import type { Reporter } from '../events.ts';
import type { ContainerSpec } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { label } from './labels.ts';

/** How long a request that makes something may still go on after we were told to end: its answer tells what to undo. */
const graceMs = 1_000;
/** An undo has its own time, as the signal that made it necessary is over. */
const undoMs = 1_800;

/** What this launch has made, so that it can be undone. */
export interface Ledger {
  create(spec: ContainerSpec, signal: AbortSignal): Promise<string>;
  start(id: string, signal: AbortSignal): Promise<void>;
  /** What was made is meant to stay from now on. */
  keep(): void;
  /** Removes all of it, last first, within three seconds of the signal, and says what is left. */
  undo(): Promise<void>;
}

interface Entry {
  readonly name: string;
  /** `undefined` while the engine has not answered. */
  id?: string;
  started?: boolean;
}

export function openLedger(runtime: Runtime, report: Reporter): Ledger {
  const attempt = randomUUID();
  let entries: Entry[] = [];

  async function undoOne(entry: Entry, signal: AbortSignal): Promise<void> {
    const { name, started } = entry;
    // Without an answer we do not know whether it was made: only what bears our mark is ours to remove.
    const record = await runtime.inspect(entry.id ?? name, { signal });
    if (record === undefined || record.labels[label.attempt] !== attempt) return;
    if (record.state.everStarted && !started) {
      report({
        level: 'warn',
        event: 'undone',
        message: `${name} stays: another launch of its key has started it`,
        id: record.id,
      });
      return;
    }
    await runtime.remove(record.id, { signal });
    report({ level: 'info', event: 'undone', message: `removed ${name} again`, id: record.id });
  }

  return {
    async create(spec, signal) {
      signal.throwIfAborted();
      const entry: Entry = { name: spec.name };
      entries.push(entry);
      const labels = { ...spec.labels, [label.attempt]: attempt };
      const { id, warnings } = await runtime.create({ ...spec, labels }, { signal: afterGrace(signal) });
      entry.id = id;
      for (const message of warnings)
        report({ level: 'warn', event: 'warning', message: `the engine warns: ${message}` });
      report({ level: 'info', event: 'created', message: `created ${spec.name}`, id, name: spec.name });
      signal.throwIfAborted();
      return id;
    },

    async start(id, signal) {
      signal.throwIfAborted();
      const entry = entries.find((made) => made.id === id);
      if (entry !== undefined) entry.started = true;
      await runtime.start(id, { signal: afterGrace(signal) });
      report({ level: 'info', event: 'started', message: `started ${entry?.name ?? id.slice(0, 12)}`, id });
      signal.throwIfAborted();
    },

    keep: () => {
      entries = [];
    },

    async undo() {
      const signal = AbortSignal.timeout(undoMs);
      for (const entry of entries.toReversed()) {
        try {
          await undoOne(entry, signal);
        } catch (error) {
          const reason = signal.aborted ? 'the engine did not answer in time' : describeError(error);
          const message = `${entry.name} may be left behind: ${reason}; docker rm -f ${entry.id ?? entry.name}`;
          report({ level: 'error', event: 'undone', message, name: entry.name });
        }
      }
    },
  };
}

/** Aborted a while after `signal`, with its reason. */
function afterGrace(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const abort = (): void => {
    void sleep(graceMs, undefined, { ref: false }).then(() => late.abort(signal.reason));
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
