import { describeError, exitStatusOf } from '../errors.ts';
import type { AskingLine } from '../plan/argv.ts';
import { findContainer, type Target } from './containers.ts';
import type { VerbContext } from './context.ts';
import { type Engine, withEngine } from './engine.ts';
import { jsonLine, printable } from './table.ts';
import { isOn } from './values.ts';

export interface Each<T extends object> {
  /** What is done with one container; what it returns is part of its JSON. */
  act(target: Target, engine: Engine): Promise<T>;
  /** The line for people. */
  text(target: Target, done: T): string;
  /** What is no failure. */
  readonly isDone?: ((error: unknown) => boolean) | undefined;
}

/**
 * The same with every container that is named, at once. What fails is told and does not hinder the others; the status
 * is then that of the first failure.
 */
export async function forEach<T extends object>(
  line: AskingLine,
  context: VerbContext,
  each: Each<T>,
): Promise<number> {
  const { signal, report, write } = context;
  const references = [...new Set(line.words)];
  return withEngine(line, context, async (engine) => {
    const done: { readonly target: Target; readonly result: T }[] = [];
    const failed: { readonly reference: string; readonly error: unknown }[] = [];
    const all = await Promise.allSettled(
      references.map(async (reference) => {
        const target = await findContainer(reference, engine, signal);
        return { target, result: await each.act(target, engine) };
      }),
    );
    signal.throwIfAborted();
    for (const [index, settled] of all.entries()) {
      const reference = references[index] ?? '';
      if (settled.status === 'fulfilled') done.push(settled.value);
      else if (!each.isDone?.(settled.reason)) failed.push({ reference, error: settled.reason });
    }
    const json = done.map(({ target: { id, name }, result }) => ({ id, name, ...result }));
    const text = done.map(({ target, result }) => `${printable(each.text(target, result))}\n`).join('');
    await write(isOn(line, 'json') ? jsonLine(json) : text);
    for (const { reference, error } of failed) {
      const message = describeError(error);
      const code = error instanceof Error && 'code' in error ? { code: error.code } : {};
      report({ level: 'error', event: 'error', message, reference, ...code });
    }
    return failed.length === 0 ? 0 : exitStatusOf(failed[0]?.error);
  });
}
