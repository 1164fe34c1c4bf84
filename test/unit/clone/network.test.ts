import { describe, expect, it } from 'vitest';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { peerId, selfId, type Situation, siblingOf } from './support.ts';

interface Case extends Situation {
  readonly own: ContainerSettings;
  readonly gives: Pick<ContainerSettings, 'networkMode' | 'networks'>;
  readonly leaves?: readonly string[];
}

const container = `container:${peerId}`;

const cases: readonly Case[] = [
  {
    title: 'the bridge',
    own: { networkMode: 'bridge', networks: { bridge: {} } },
    gives: { networkMode: 'bridge', networks: { bridge: {} } },
  },
  { title: 'the network of the host', own: { networkMode: 'host' }, gives: { networkMode: 'host' } },
  { title: 'none', own: { networkMode: 'none' }, gives: { networkMode: 'none' } },
  { title: 'another container’s', own: { networkMode: container }, gives: { networkMode: container } },
  {
    title: 'all of several networks, with what was asked for in each',
    own: {
      networkMode: 'front',
      networks: { front: { aliases: ['www'], gwPriority: 1 }, back: { links: ['db:d'], driverOpts: { a: 'b' } } },
    },
    gives: {
      networkMode: 'front',
      networks: { front: { aliases: ['www'], gwPriority: 1 }, back: { links: ['db:d'], driverOpts: { a: 'b' } } },
    },
  },
  {
    // containrrr/watchtower#1912 kept them, as its container was gone; self is not.
    title: 'no static addresses, which self has',
    own: {
      networkMode: 'front',
      networks: {
        front: { ipv4Address: '10.0.0.2', aliases: ['www'] },
        back: { ipv6Address: 'fd00::2', linkLocalIPs: ['169.254.1.1'] },
      },
    },
    gives: { networkMode: 'front', networks: { front: { aliases: ['www'] }, back: {} } },
    leaves: ['address in the network front', 'address in the network back'],
  },
  {
    // Engines before API 1.45 say them among the aliases; they would pile up with each generation.
    title: 'not by self’s id, nor by the name that the engine made of it',
    own: {
      hostname: selfId.slice(0, 12),
      networkMode: 'front',
      networks: { front: { aliases: [selfId.slice(0, 12)] }, back: { aliases: ['db', selfId.slice(0, 12)] } },
    },
    gives: { networkMode: 'front', networks: { front: {}, back: { aliases: ['db'] } } },
  },
  {
    title: 'not by the names that Compose gave',
    name: 'shop-web-1',
    own: {
      labels: { 'com.docker.compose.service': 'web' },
      networkMode: 'front',
      networks: { front: { aliases: ['shop-web-1', 'web', 'www'] } },
    },
    gives: { networkMode: 'front', networks: { front: { aliases: ['www'] } } },
    leaves: [
      'label com.docker.compose.service',
      'alias shop-web-1 in the network front',
      'alias web in the network front',
    ],
  },
  {
    title: 'by a name that is the container’s, where it was no Compose',
    name: 'shop-web-1',
    own: { networkMode: 'front', networks: { front: { aliases: ['shop-web-1'] } } },
    gives: { networkMode: 'front', networks: { front: { aliases: ['shop-web-1'] } } },
  },
  {
    title: 'asked for: beside self’s own',
    own: { networkMode: 'front', networks: { front: {} } },
    networks: [{ name: 'back', aliases: ['db'], ipv4Address: '10.0.0.9' }],
    gives: { networkMode: 'front', networks: { front: {}, back: { aliases: ['db'], ipv4Address: '10.0.0.9' } } },
  },
  {
    title: 'asked for: wins over self’s own of the same name',
    own: { networkMode: 'front', networks: { front: { aliases: ['www'] } } },
    networks: [{ name: 'front', ipv4Address: '10.0.0.9' }],
    gives: { networkMode: 'front', networks: { front: { ipv4Address: '10.0.0.9' } } },
  },
  {
    title: 'asked for: in place of the host’s',
    own: { networkMode: 'host' },
    networks: [{ name: 'front' }, { name: 'back' }],
    gives: { networkMode: 'front', networks: { front: {}, back: {} } },
  },
  {
    title: 'asked for: in place of another container’s',
    own: { networkMode: container },
    networks: [{ name: 'front' }],
    gives: { networkMode: 'front', networks: { front: {} } },
  },
  {
    title: 'asked for: instead of those that are not inherited',
    inherit: '-network',
    own: { networkMode: 'front', networks: { front: { aliases: ['www'] } } },
    networks: [{ name: 'back' }],
    gives: { networkMode: 'back', networks: { back: {} } },
    leaves: ['HostConfig.NetworkMode', 'NetworkSettings.Networks'],
  },
  {
    title: 'not inherited: the engine’s own',
    inherit: '-network',
    own: { networkMode: 'host', dns: ['192.0.2.1'] },
    gives: {},
    leaves: ['HostConfig.NetworkMode', 'HostConfig.Dns'],
  },
];

describe('the networks of a sibling', () => {
  it.each(cases)('$title', ({ own, gives, leaves = [], ...situation }) => {
    for (const other of [true, false]) {
      const { settings, left } = siblingOf(own, { ...situation, other });
      const { networkMode, networks } = settings;
      expect({ networkMode, networks }).toEqual({ networkMode: undefined, networks: undefined, ...gives });
      expect(left.toSorted()).toEqual(leaves.toSorted());
    }
  });

  it('have what belongs to them', () => {
    const own = {
      networkMode: 'bridge',
      domainname: 'example.org',
      dns: ['192.0.2.1'],
      dnsOptions: ['ndots:2'],
      dnsSearch: ['example.org'],
      extraHosts: ['peer:192.0.2.2'],
      links: ['db:d'],
    };
    expect(siblingOf(own).settings).toMatchObject(own);
    expect(siblingOf(own).left).toEqual([]);
  });

  // `conflicting options: dns and the network mode` and the like.
  it('have none of it where another container’s is asked for', () => {
    const own = {
      ...{ hostname: 'web', dns: ['192.0.2.1'], dnsOptions: ['ndots:2'], dnsSearch: ['example.org'], links: ['db:d'] },
      ...{ extraHosts: ['peer:192.0.2.2'], exposedPorts: ['80/tcp'], networkMode: 'bridge' },
    };
    const { settings, left } = siblingOf(own, { networks: [{ name: container }], labels: { a: 'b' } });
    expect(settings).toEqual({ env: [], entrypoint: [], labels: { a: 'b' }, networkMode: container });
    const names = ['Dns', 'DnsOptions', 'DnsSearch', 'Links', 'ExtraHosts'].map((name) => `HostConfig.${name}`);
    const all = ['network bridge', 'Config.Hostname', 'Config.ExposedPorts', ...names];
    expect(new Set(left)).toEqual(new Set(all));
  });

  it('are never taken with self’s own hardware address', () => {
    const { settings, left } = siblingOf({ macAddress: '02:42:ac:11:00:02' });
    expect(settings).not.toHaveProperty('macAddress');
    expect(left).toEqual(['Config.MacAddress']);
  });
});
