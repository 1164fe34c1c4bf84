import { describe, expect, it } from 'vitest';
import { isAutomatic } from '../../../src/clone/hostname.ts';
import type { ContainerSettings } from '../../../src/runtime/container.ts';
import { peerId, selfId, selfWith, type Situation, siblingOf } from './support.ts';

const automatic = selfId.slice(0, 12);

interface Case extends Situation {
  readonly own: ContainerSettings;
  readonly gives: string | undefined;
  readonly reason?: string;
}

const notAlone = 'it is not of self alone';

const cases: readonly Case[] = [
  // The sibling would look like self, and find self in its own place: Krillsson/monitee-agent#302.
  { title: 'not the one that the engine gave', own: { hostname: automatic }, gives: undefined },
  { title: 'one that somebody set', own: { hostname: 'web' }, gives: 'web' },
  { title: 'one that looks like an id and is not self’s', own: { hostname: 'f'.repeat(12) }, gives: 'f'.repeat(12) },
  { title: 'none, where there is none', own: {}, gives: undefined },
  {
    title: 'on a network of one’s own',
    own: { hostname: 'web', networkMode: 'front', networks: { front: {} } },
    gives: 'web',
  },
  {
    // The engine says the host's here, and takes it back.
    title: 'the host’s, in the network of the host',
    own: { hostname: 'machine', networkMode: 'host' },
    gives: 'machine',
  },
  {
    title: 'not the host’s, in another network that is asked for',
    own: { hostname: 'machine', networkMode: 'host' },
    networks: [{ name: 'front' }],
    gives: undefined,
    reason: "it may be the host's",
  },
  {
    title: 'the host’s, where its network is asked for again',
    own: { hostname: 'machine', networkMode: 'host' },
    networks: [{ name: 'host' }],
    gives: 'machine',
  },
  {
    // `conflicting options: hostname and the UTS mode`, also for the one that the engine gave.
    title: 'none in the host’s UTS namespace',
    own: { hostname: 'machine', utsMode: 'host' },
    gives: undefined,
    reason: notAlone,
  },
  {
    title: 'one of its own in another container’s network that is left',
    own: { hostname: 'provider', networkMode: `container:${peerId}` },
    networks: [{ name: 'front' }],
    gives: undefined,
    reason: notAlone,
  },
  {
    // `conflicting options: hostname and the network mode`: watchtower#188, #448, ouroboros#239, #245.
    title: 'none in another container’s network that is asked for',
    own: { hostname: 'web' },
    networks: [{ name: `container:${peerId}` }],
    gives: undefined,
    reason: 'the container of that network has its own',
  },
];

describe('the hostname of a sibling', () => {
  it.each(cases)('$title', ({ own, gives, reason, ...situation }) => {
    for (const other of [true, false]) {
      const { settings, leftOut } = siblingOf(own, { ...situation, other });
      expect(settings.hostname).toBe(gives);
      const told = leftOut.filter(({ setting }) => setting === 'Config.Hostname').map((one) => one.reason);
      expect(told).toEqual(reason === undefined ? [] : expect.arrayContaining([reason]));
    }
  });

  // `conflicting options: hostname and the network mode`: watchtower#188, #448.
  it('none in another container’s network', () => {
    const own = { hostname: 'provider', networkMode: `container:${peerId}` };
    const { settings, left } = siblingOf(own);
    expect(settings).not.toHaveProperty('hostname');
    expect(settings.networkMode).toBe(own.networkMode);
    expect(left).toContain('Config.Hostname');
  });

  it('none, where the group is not inherited', () => {
    const { settings, left } = siblingOf({ hostname: 'web' }, { inherit: 'all,-network' });
    expect(settings).not.toHaveProperty('hostname');
    expect(left).toEqual(['Config.Hostname']);
  });
});

it.each([
  [automatic, true],
  [selfId, false],
  [automatic.slice(0, 11), false],
  ['web', false],
  [undefined, false],
])('is %s automatic: %s', (hostname, expected) => {
  expect(isAutomatic(selfWith({ hostname }))).toBe(expected);
});
