import * as z from 'zod';

/** A condition as who watches it can tell: containers are known by their ids, paths are those of who watches. */
export type Watched = z.output<typeof watched>;

const text = z.string();

export const watched = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), text, id: z.string() }),
  z.object({ kind: z.literal('healthy'), text, id: z.string() }),
  z.object({ kind: z.literal('tcp'), text, host: z.string(), port: z.number() }),
  z.object({ kind: z.literal('http'), text, url: z.string() }),
  z.object({ kind: z.literal('file'), text, path: z.string() }),
]);
