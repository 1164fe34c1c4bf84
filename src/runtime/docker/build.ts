import { notSupported } from '../complete.ts';
import type { Adapter } from '../adapter.ts';
import type { Connection } from './connect.ts';

export async function build(
  _connection: Connection,
  ..._rest: Parameters<Adapter['images']['build']>
): ReturnType<Adapter['images']['build']> {
  throw notSupported('docker', 'images.build', 'build', 'not yet');
}
