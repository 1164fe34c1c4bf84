import { no, type Part } from './can.ts';
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
> = async () => ({
  volumeSubpath: no(notYet),
  imageDetails: no(notYet),
  pullProgress: no(notYet),
  build: no(notYet),
  buildkit: no(notYet),
  commit: no(notYet),
  imageArchive: no(notYet),
  networks: no(notYet),
  networkConnect: no(notYet),
  networkAliases: no(notYet),
  staticIp: no(notYet),
  volumes: no(notYet),
  events: no(notYet),
  eventsSince: no(notYet),
  compose: no(notYet),
});
