import type { SettingCase } from './types.ts';

export const networkCases: readonly SettingCase[] = [
  { name: 'the default network by its name', flags: ['--network', 'bridge'] },
  { name: 'the network of the host', flags: ['--network', 'host'] },
  { name: 'no network', flags: ['--network', 'none'] },
  {
    name: "another container's network",
    prepare: async (stage) => void (await stage.other('other')),
    flags: ({ named }) => ['--network', `container:${named('other')}`],
  },
  {
    name: 'a network of the user',
    prepare: async (stage) => void (await stage.network('own')),
    flags: ({ named }) => ['--network', named('own')],
  },
  {
    name: 'a network of the user, with aliases',
    prepare: async (stage) => void (await stage.network('own')),
    flags: ({ named }) => ['--network', named('own'), '--network-alias', 'web', '--network-alias', 'Www'],
  },
  {
    name: 'a network of the user, with fixed addresses',
    prepare: (stage) => stage.networkWithSubnet('own'),
    flags: (stage) => [
      '--network',
      stage.named('own'),
      '--ip',
      stage.addressIn('own', 77),
      '--link-local-ip',
      '169.254.8.8',
    ],
  },
  {
    name: 'a network of the user, with a link',
    prepare: async (stage) => {
      await stage.network('own');
      await stage.other('other', '--network', stage.named('own'));
    },
    flags: ({ named }) => ['--network', named('own'), '--link', `${named('other')}:db`],
  },
  {
    name: 'a network of the user, with options of its driver',
    prepare: async (stage) => void (await stage.network('own')),
    flags: ({ named }) => [
      '--network',
      `name=${named('own')},driver-opt=dev.offshoot.one=1,"driver-opt=dev.offshoot.two=a,b"`,
    ],
  },
  {
    name: 'a network of the user, with a MAC address',
    prepare: async (stage) => void (await stage.network('own')),
    flags: ({ named }) => ['--network', named('own'), '--mac-address', '02:42:0a:00:00:77'],
  },
  { name: 'a MAC address in the default network', flags: ['--mac-address', '02:42:ac:11:00:77'] },
  {
    name: 'two networks, the second one later',
    prepare: async (stage) => {
      await stage.network('one');
      await stage.networkWithSubnet('two');
    },
    flags: ({ named }) => ['--network', named('one'), '--network-alias', 'first'],
    connect: (stage) => [['--alias', 'second', '--ip', stage.addressIn('two', 78), stage.named('two')]],
  },
  {
    name: 'the default network and a second one later',
    prepare: async (stage) => void (await stage.network('two')),
    connect: ({ named }) => [['--alias', 'second', named('two')]],
  },
  {
    name: 'two networks at once',
    minApi: '1.44',
    prepare: async (stage) => {
      await stage.network('one');
      await stage.network('two');
    },
    flags: ({ named }) => ['--network', named('one'), '--network', `name=${named('two')},alias=second`],
  },
  {
    name: 'two networks, of which the second has the gateway',
    minApi: '1.48',
    prepare: async (stage) => {
      await stage.network('one');
      await stage.network('two');
    },
    flags: ({ named }) => [
      '--network',
      `name=${named('one')},gw-priority=1`,
      '--network',
      `name=${named('two')},gw-priority=2`,
    ],
  },
  {
    name: 'two networks with a MAC address each',
    minApi: '1.44',
    prepare: async (stage) => {
      await stage.network('one');
      await stage.network('two');
    },
    flags: ({ named }) => [
      ...['--network', `name=${named('one')},mac-address=02:42:0a:00:00:01`],
      ...['--network', `name=${named('two')},mac-address=02:42:0a:00:00:02`],
    ],
  },
  {
    name: 'a link in the default network',
    prepare: async (stage) => void (await stage.other('other')),
    flags: ({ named }) => ['--link', `${named('other')}:db`, '--link', `${named('other')}:cache`],
  },
  { name: 'a host name', flags: ['--hostname', 'chosen'] },
  { name: 'a host name with its domain', flags: ['--hostname', 'chosen', '--domainname', 'example.org'] },
  {
    name: 'name servers',
    flags: ['--dns', '192.0.2.1', '--dns', '2001:db8::1', '--dns-option', 'ndots:2', '--dns-search', 'example.org'],
  },
  { name: 'no search domains', flags: ['--dns-search', '.'] },
  {
    name: 'other hosts',
    flags: ['--add-host', 'one:192.0.2.1', '--add-host', 'two:2001:db8::1', '--add-host', 'gate:host-gateway'],
  },
  { name: 'exposed ports', flags: ['--expose', '80', '--expose', '53/udp'] },
  {
    name: 'published ports',
    flags: ({ port }) => ['-p', `${port}:80`, '-p', `127.0.0.1:${port}:53/udp`, '-p', `[::1]:${port + 1}:81`],
  },
  { name: 'published ports of which the engine chooses', flags: ['-p', '80', '-p', '127.0.0.1::81'] },
  { name: 'a published port with a range to choose from', flags: ({ port }) => ['-p', `${port}-${port + 5}:80`] },
  { name: 'all ports published', flags: ['-P', '--expose', '80'] },
];
