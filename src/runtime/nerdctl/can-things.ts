import { emulated, type Facts, no, type Part, yes } from './can.ts';
import { build } from './can-build.ts';
import { compose } from './can-compose.ts';
import { networks } from './can-networks.ts';

/** Of images, networks, volumes, events and Compose. */
export const things: Part<
  | 'volumeSubpath'
  | 'imageDetails'
  | 'pullProgress'
  | 'build'
  | 'buildkit'
  | 'commit'
  | 'imageArchive'
  | 'networks'
  | 'networkConnect'
  | 'networkAliases'
  | 'staticIp'
  | 'volumes'
  | 'events'
  | 'eventsSince'
  | 'compose'
> = async (facts: Facts) => ({
  volumeSubpath: no('nerdctl mounts whole volumes'),
  imageDetails: yes,
  pullProgress: emulated('read from the table that nerdctl draws: bytes are rounded'),
  commit: yes,
  imageArchive: yes,
  ...(await build(facts)),
  ...(await compose(facts)),
  ...(await networks(facts)),
  volumes: yes,
  events: yes,
  eventsSince: emulated('by what containers that are there tell of their making, their last start and their end'),
});
