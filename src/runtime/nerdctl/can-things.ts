import { emulated, type Facts, no, type Part, yes } from './can.ts';
import { networks } from './can-networks.ts';
import { notYet } from './words.ts';

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
  imageDetails: no(notYet),
  pullProgress: no(notYet),
  build: no(notYet),
  buildkit: no(notYet),
  commit: no(notYet),
  imageArchive: no(notYet),
  ...(await networks(facts)),
  volumes: yes,
  events: yes,
  eventsSince: emulated('by what containers that are there tell of their making, their last start and their end'),
  compose: no(notYet),
});
