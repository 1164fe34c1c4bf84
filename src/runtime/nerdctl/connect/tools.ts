import type { Reporter } from '../../../events.ts';
import type { Connection } from './connect.ts';
import type { Names } from '../create/names.ts';

/** What every group of calls works with. */
export interface Tools extends Connection {
  readonly names: Names;
  readonly namespace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: Reporter;
}
