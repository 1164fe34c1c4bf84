import { label } from '../launch/labels.ts';
import type { RuntimeEvent } from '../runtime/runtime.ts';
import type { RunVerb } from './context.ts';
import { forbidUnderPolicy, withEngine } from './engine.ts';
import { jsonLine, printable, shortId } from './table.ts';
import { isOn, labelFilter, listOf, moment, notEmpty, valuesOf } from './values.ts';

/** A line for each, until a signal ends it. */
export const events: RunVerb = (line, context) => {
  const { since } = valuesOf(line, { since: (text) => moment(text) });
  const types = listOf(line, 'type', notEmpty);
  const all = isOn(line, 'all') ?? false;
  const filter = Object.fromEntries(listOf(line, 'filter', labelFilter));
  const { signal, write } = context;
  return withEngine(line, context, async ({ runtime, policy, self }) => {
    if (all) forbidUnderPolicy(policy, 'what happens to other containers');
    const own = policy === undefined ? {} : { [label.parent]: (await self()).record.id };
    const labels = { ...(all ? {} : { [label.role]: true as const }), ...own, ...filter };
    const stream = await runtime.events({
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(types.length > 0 && { types }),
      since,
      signal,
    });
    let dropped = 0;
    for await (const event of stream) {
      const lost = stream.dropped - dropped;
      dropped = stream.dropped;
      await write(isOn(line, 'json') ? jsonLine({ ...event, dropped: lost }) : textOf(event, lost));
    }
    return 0;
  });
};

function textOf({ at, type, action, detail, id, name, attributes, inferred }: RuntimeEvent, lost: number): string {
  const image = attributes['image'];
  const parts = [
    `${at.toISOString()} ${type} ${action}${detail === undefined ? '' : `: ${detail}`}`,
    [name, id && `(${shortId(id)})`].filter(Boolean).join(' '),
    ...(image === undefined ? [] : [`image=${image}`]),
    ...(attributes['exitCode'] === undefined ? [] : [`exitCode=${attributes['exitCode']}`]),
    ...(inferred ? ['inferred'] : []),
  ];
  const missed = lost > 0 ? `${lost} events were dropped: they came faster than they were read\n` : '';
  return `${missed}${printable(parts.filter(Boolean).join(' '))}\n`;
}
