import type { RunVerb } from './context.ts';
import { findContainer } from './containers.ts';
import { withEngine } from './engine.ts';
import { linesOf } from './lines.ts';
import { jsonLine } from './table.ts';
import { count, isOn, moment, valuesOf } from './values.ts';

/** Its two streams on ours, as they are; in JSON a line for each line. */
export const logs: RunVerb = (line, context) => {
  const { tail, since } = valuesOf(line, { tail: count, since: (text) => moment(text) });
  const follow = isOn(line, 'follow') ?? false;
  const { signal, write } = context;
  return withEngine(line, context, async (engine) => {
    const [reference = ''] = line.words;
    const { id } = await findContainer(reference, engine, signal);
    const chunks = await engine.runtime.logs(id, { follow, tail, since, signal });
    if (isOn(line, 'json')) for await (const one of linesOf(chunks)) await write(jsonLine(one));
    else for await (const { stream, data } of chunks) await write(data, stream);
    return 0;
  });
};
