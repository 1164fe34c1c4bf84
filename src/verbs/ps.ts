import { label } from '../launch/labels.ts';
import type { ContainerSummary } from '../runtime/container.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { RunVerb } from './context.ts';
import { forbidUnderPolicy, withEngine } from './engine.ts';
import { age, jsonLine, shortId, table } from './table.ts';
import { isOn, labelFilter, listOf } from './values.ts';

/** Containers, newest first, with their states. */
export const ps: RunVerb = (line, context) => {
  const all = isOn(line, 'all') ?? false;
  const filter = Object.fromEntries(listOf(line, 'filter', labelFilter));
  const { signal, write } = context;
  return withEngine(line, context, async ({ runtime, policy, self }) => {
    if (all) forbidUnderPolicy(policy, 'a list of other containers');
    const own = policy === undefined ? {} : { [label.parent]: (await self()).record.id };
    const found = all
      ? await runtime.list({ all: true, ...(Object.keys(filter).length > 0 && { labels: filter }), signal })
      : await listOurs(runtime, { ...own, ...filter }, signal);
    if (isOn(line, 'quiet')) await write(found.map(({ id }) => `${shortId(id)}\n`).join(''));
    else {
      const exits = await exitCodes(found, runtime, signal);
      const rows = found.map((one) => ({ ...one, exitCode: exits.get(one.id) ?? null }));
      await write(isOn(line, 'json') ? jsonLine(rows.map(forPrograms)) : forPeople(rows, Date.now()));
    }
    return 0;
  });
};

/** By the two values that our label has, as not every engine finds a label whatever its value. */
async function listOurs(
  runtime: Runtime,
  labels: Readonly<Record<string, string | true>>,
  signal: AbortSignal,
): Promise<ContainerSummary[]> {
  const roles = ['sibling', 'waiter'];
  const lists = await Promise.all(
    roles.map((role) => runtime.list({ all: true, labels: { ...labels, [label.role]: role }, signal })),
  );
  return lists.flat().toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0));
}

/** A busy engine is not asked about everything at once. */
const width = 16;

/** Of those that have ended; a list does not tell them. */
async function exitCodes(
  found: readonly ContainerSummary[],
  runtime: Runtime,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const ended = found.filter(({ status }) => status === 'exited');
  const codes = new Map<string, number>();
  for (let at = 0; at < ended.length; at += width) {
    const records = await Promise.all(ended.slice(at, at + width).map(({ id }) => runtime.inspect(id, { signal })));
    for (const record of records) if (record !== undefined) codes.set(record.id, record.state.exitCode);
  }
  return codes;
}

type Row = ContainerSummary & { readonly exitCode: number | null };

const told = (text: string | undefined): string | null => text ?? null;

function forPrograms({ id, name, image, status, exitCode, createdAt, labels }: Row): object {
  return {
    ...{ id, name, image: told(image), status: told(status), exitCode, createdAt: createdAt?.toISOString() ?? null },
    ...{ role: told(labels[label.role]), key: told(labels[label.key]), parent: told(labels[label.parent]) },
    ...{ sibling: told(labels[label.sibling]), startsAt: told(labels[label.startsAt]) },
  };
}

function forPeople(rows: readonly Row[], now: number): string {
  return table([
    ['ID', 'NAME', 'IMAGE', 'STATUS', 'AGE', 'WHAT'],
    ...rows.map(({ id, name, image = '', status = '', exitCode, createdAt, labels }) => [
      ...[shortId(id), name, image.startsWith('sha256:') ? shortId(image) : image],
      ...[exitCode === null ? status : `${status} (${exitCode})`, age(createdAt, now), whatIs(labels, rows)],
    ]),
  ]);
}

function whatIs(labels: ContainerSummary['labels'], rows: readonly Row[]): string {
  if (labels[label.role] !== 'waiter') return labels[label.role] ?? '';
  const sibling = rows.find(({ id }) => id === labels[label.sibling]);
  const at = labels[label.startsAt];
  return `waiter: starts ${sibling?.name ?? shortId(labels[label.sibling] ?? '')}${at === undefined ? '' : ` at ${at}`}`;
}
