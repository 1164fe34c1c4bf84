import { emulated, no, type Part, yes } from './can.ts';
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
> = async (facts) => {
  const [ofBuilds, ofCompose, ofNetworks] = await Promise.all([build(facts), compose(facts), networks(facts)]);
  return {
    volumeSubpath: no('nerdctl mounts whole volumes'),
    imageDetails: yes,
    pullProgress: emulated('read from the table that nerdctl draws: bytes are rounded'),
    commit: yes,
    imageArchive: yes,
    ...ofBuilds,
    ...ofCompose,
    ...ofNetworks,
    volumes: yes,
    events: yes,
    eventsSince: emulated('by what containers that are there tell of their making, their last start and their end'),
  };
};
