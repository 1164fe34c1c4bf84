import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../../src/plan/networks.ts';

describe('parseNetwork', () => {
  it.each([
    ['host', { name: 'host' }],
    ['none', { name: 'none' }],
    ['bridge', { name: 'bridge' }],
    ['container:web-1', { name: 'container:web-1' }],
    ['my_project_default', { name: 'my_project_default' }],
    ['hostess', { name: 'hostess' }],
    ['name=front', { name: 'front' }],
    ['name=host', undefined],
    [
      'name=front,alias=a,alias=b,ip=10.0.0.5,ip6=fd00::5,gw-priority=-1',
      { name: 'front', aliases: ['a', 'b'], ipv4Address: '10.0.0.5', ipv6Address: 'fd00::5', gwPriority: -1 },
    ],
    [
      'alias=a,name=front,driver-opt=com.docker.network.endpoint.ifname=eth9,driver-opt=x=',
      { name: 'front', aliases: ['a'], driverOpts: { 'com.docker.network.endpoint.ifname': 'eth9', x: '' } },
    ],
    [
      'name=front,"driver-opt=com.docker.network.endpoint.sysctls=a=1,b=2"',
      { name: 'front', driverOpts: { 'com.docker.network.endpoint.sysctls': 'a=1,b=2' } },
    ],
    ['name=bridge,gw-priority=1', { name: 'bridge', gwPriority: 1 }],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => parseNetwork(text)).toThrow('is a mode');
    else expect(parseNetwork(text)).toEqual(expected);
  });

  it('reads back what is written', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,9}$/).filter((name) => name !== 'host' && name !== 'none');
    const network = fc.record(
      {
        name: word,
        aliases: fc.array(word, { minLength: 1 }),
        ipv4Address: fc.ipV4(),
        ipv6Address: fc.ipV6(),
        driverOpts: fc.dictionary(word, fc.string(), { minKeys: 1, noNullPrototype: true }),
        gwPriority: fc.integer({ min: -1000, max: 1000 }),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(network, ({ name, aliases, ipv4Address, ipv6Address, driverOpts, gwPriority }) => {
        const fields = [
          `name=${name}`,
          ...(aliases ?? []).map((alias) => `alias=${alias}`),
          ...(ipv4Address === undefined ? [] : [`ip=${ipv4Address}`]),
          ...(ipv6Address === undefined ? [] : [`ip6=${ipv6Address}`]),
          ...Object.entries(driverOpts ?? {}).map(([key, value]) => `driver-opt=${key}=${value}`),
          ...(gwPriority === undefined ? [] : [`gw-priority=${gwPriority}`]),
        ];
        const text = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(parseNetwork(text)).toEqual({ name, aliases, ipv4Address, ipv6Address, driverOpts, gwPriority });
      }),
    );
  });
});
