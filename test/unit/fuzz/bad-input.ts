/** Input that is refused, by where it comes from. Its messages are in bad-input.golden.txt. */

const a64 = 'a'.repeat(64);

/** No image references, or not the one that they look like. */
export const references: readonly string[] = [
  ...['Alpine', 'ALPINE', 'alpine:', 'alpine@', 'alpine:@', 'alpine::3', 'alpine:3:4', ':3', '@sha256:0', ':', '@'],
  ...[
    '-alpine',
    '_alpine',
    '.alpine',
    'alpine-',
    'alpine_',
    'alpine.',
    'al..pine',
    'al___pine',
    'al._pine',
    'al-.pine',
  ],
  ...['alpine:.3', 'alpine:-3', 'alpine: 3', ' alpine', 'alpine ', 'al pine', 'alpine\t', 'alpine\n', '\0'],
  ...['аlpine', 'alpіne:3', 'ａlpine', 'alpine\u200B', '\u202Eenipla', 'alpine:３', 'ärger', 'docker.iо/alpine'],
  ...['https://alpine', 'http://registry/alpine', 'docker://alpine:3', 'oci:///alpine', 'docker-archive:a.tar:x:y'],
  ...['user@host/alpine', 'user:hunter2@host/alpine', 'https://user:hunter2@host/alpine', 'host/user:hunter2@alpine'],
  ...[
    'al%70ine',
    '%2e%2e/alpine',
    'alpine%00',
    'alpine?x=1',
    'alpine#1',
    'alpine;rm',
    'alpine&x',
    'alpine|x',
    '$IMAGE',
  ],
  ...['../alpine', './alpine', '/alpine', 'alpine/', 'evil//alpine', 'a/./b', 'a/../b', '~/alpine', String.raw`a\b`],
  ...['host:0/alpine', 'host:65536/alpine', 'host:99999999/alpine', 'host:port/alpine', 'host:/alpine', '[::1/alpine'],
  ...['[zz]:5000/alpine', 'host_name/Alpine', 'localhost/Alpine', 'docker.io/', 'docker.io//alpine', '-host/alpine'],
  ...[
    'alpine@sha256',
    'alpine@sha256:',
    'alpine@sha256:abc',
    `alpine@sha256:${'A'.repeat(64)}`,
    `alpine@sha256:${a64}0`,
  ],
  ...[`alpine@sha1:${'a'.repeat(40)}`, `alpine@md5:${'a'.repeat(32)}`, `alpine@sha512:${a64}`, `alpine@${a64}`],
  ...[`alpine@sha256:${a64}@sha256:${a64}`, `alpine@sha256:${a64}:3`, `alpine@sha256:${'g'.repeat(64)}`],
  ...[
    `md5:${'a'.repeat(32)}/x`,
    'a'.repeat(256),
    `${'a/'.repeat(128)}a`,
    `alpine:${'3'.repeat(129)}`,
    'a'.repeat(1_000),
  ],
];

/** Variables that are no image's. */
export const variables: readonly (readonly [name: string, value: string])[] = [
  ...['["a", 1]', '["a"', '[{}]', '"a', "'a", 'a \\'].map((value) => ['OFFSHOOT_COMMAND', value] as const),
  ...['[null]', '[[]]', '"'].map((value) => ['OFFSHOOT_ENTRYPOINT', value] as const),
  ...['x', '-1', '1e3', '0x1', '1 s', 's', '1d', '1s1', 'NaN', '9000h', '٣', '1,5', '+1', '1..5'].map(
    (value) => ['OFFSHOOT_DELAY', value] as const,
  ),
  ...[
    'now',
    '2030-01-01',
    '2030-01-01T00:00:00',
    '2030-13-01T00:00:00Z',
    '2030-02-30T00:00:00Z',
    '1893456000',
    '2020-01-01T00:00:00Z',
  ].map((value) => ['OFFSHOOT_AT', value] as const),
  ...['dokcer', 'DOCKER', 'lxc', 'auto,docker', ' docker'].map((value) => ['OFFSHOOT_RUNTIME', value] as const),
  ...['a b', '-a', 'a..b', 'a/b', 'a'.repeat(77)].map((value) => ['OFFSHOOT_NAMESPACE', value] as const),
  ...['yes', 'ALWAYS'].map((value) => ['OFFSHOOT_HOST', value] as const),
  ...['maybe', 'Missing', 'true', 'if-not-present'].map((value) => ['OFFSHOOT_PULL', value] as const),
  ...['-5s', '1 minute', 'forever'].map((value) => ['OFFSHOOT_PULL_TIMEOUT', value] as const),
  ...['a', '-a', 'a/b', 'a b', 'ä1', '/a1', 'a1\n'].map((value) => ['OFFSHOOT_NAME', value] as const),
  ...['some', 'all,none', '-all', 'mount', 'env,', ',env', 'ALL', 'env mounts', '--env', 'safe,all'].map(
    (value) => ['OFFSHOOT_INHERIT', value] as const,
  ),
  ...['A/B', 'A=B', '!A', 'A[', '{A', '', 'A,,B', '$A', 'A(B)'].map(
    (value) => ['OFFSHOOT_DROP_ENV', value || ' '] as const,
  ),
  ...['A]', 'Ä', '@(A|B)', '{1..3}'].map((value) => ['OFFSHOOT_KEEP_ENV', value] as const),
  ...[
    'container:',
    'container:a/b',
    'a:b',
    'a,b',
    'name=',
    'name=a,alias',
    'alias=x',
    'name=a,ip=1',
    'name=a,ip6=1',
    'host none',
    'a a',
    'name=host,alias=b',
  ].map((value) => ['OFFSHOOT_NETWORK', value] as const),
  ...['x', '0', '65536', '80-', '9-8', '80/icmp', '1:2:3:4', 'localhost:1:2', '80 80', '-80'].map(
    (value) => ['OFFSHOOT_PUBLISH', value] as const,
  ),
  ...[
    'data',
    '/',
    '/a:/',
    '/a:b',
    '/a:/b:/c',
    '/a:/b:z',
    '/a:/b:ro,rw',
    '~/a:/b',
    ':/a',
    'type=bind,target=/a',
    'type=x,target=/a',
    'type=tmpfs,target=/a,tmpfs-size=0',
    'source=/a',
    '/a:/b /c:/b',
    'type=volume,target=/a,bind-propagation=shared',
  ].map((value) => ['OFFSHOOT_MOUNT', value] as const),
  ...['hunter2', '=hunter2', 'io.offshoot.role=hunter2', 'a=1 a=hunter2'].map(
    (value) => ['OFFSHOOT_LABEL', value] as const,
  ),
  ...['never', 'always:1', 'on-failure:', 'on-failure:-1', 'on-failure:1.5', 'no:1', 'ALWAYS'].map(
    (value) => ['OFFSHOOT_RESTART', value] as const,
  ),
  ...['rm', '2', 'TRUE '].map((value) => ['OFFSHOOT_AUTO_REMOVE', value] as const),
  ...['maybe', '-1'].map((value) => ['OFFSHOOT_ATTACH', value] as const),
  ...['a b', 'a\nb', 'ä', 'k'.repeat(201)].map((value) => ['OFFSHOOT_KEY', value] as const),
  ...['{', '[]', '"hunter2"', 'null', '{"a":hunter2}', '1'].map((value) => ['OFFSHOOT_OVERRIDE', value] as const),
  ...['si', 'yes please'].map((value) => ['OFFSHOOT_DRY_RUN', value] as const),
  ...['a b', '../x', '-a'].map((value) => ['OFFSHOOT_SELF', value] as const),
  ...['xml', 'JSON'].map((value) => ['OFFSHOOT_LOG', value] as const),
  ...['verbose', 'trace'].map((value) => ['OFFSHOOT_LOG_LEVEL', value] as const),
  ...['waitdemon', 'Waitdaemon', '1'].map((value) => ['OFFSHOOT_COMPAT', value] as const),
  ...['OFFSHOOT_IMGAE', 'OFFSHOOT_DELLAY', 'OFFSHOOT_', 'OFFSHOOT_FOO', 'OFFSHOOT_OVERIDE', 'OFFSHOOT_image'].map(
    (name) => [name, 'hunter2'] as const,
  ),
  ...['OFFSHOOT_ENV_', 'OFFSHOOT_ENV_A=B'].map((name) => [name, 'hunter2'] as const),
  ...['OFFSHOOT_NAME_FILE', 'OFFSHOOT_LABEL_FILE'].map((name) => [name, '/nonexistent'] as const),
];

/** What waitdaemon's variables are refused for, in its place. */
export const ofWaitdaemon: readonly (readonly [name: string, value: string])[] = [
  ...['x', '-1', '1.5', '10s', '1e1', ' 5', '٥'].map((value) => ['WAIT_SECONDS', value] as const),
  ...['Alpine', 'alpine:', 'user:hunter2@host/x'].map((value) => ['IMAGE', value] as const),
  ...['podman', 'DOCKER'].map((value) => ['CONTAINER_RUNTIME', value] as const),
  ...['a b', '-'].map((value) => ['NERDCTL_NAMESPACE', value] as const),
  ...['maybe', 'always'].map((value) => ['NERDCTL_HOST', value] as const),
];

export const commandLines: readonly (readonly string[])[] = [
  ...[['--launch'], ['-x'], ['--'], ['--bogus=1'], ['-e', 'A=hunter2']],
  ...[
    ['launch'],
    ['launch', ''],
    ['launch', 'a', 'b'],
    ['launch', 'a', 'TOKEN=hunter2'],
    ['launch', '-e', 'TOKEN=hunter2', 'a'],
  ],
  ...[
    ['launch', 'a', 'https://u:hunter2@h/x'],
    ['launch', 'a', '--delay'],
    ['launch', 'a', '--delay=x'],
  ],
  ...[
    ['launch', 'a', '--dealy', '1'],
    ['launch', 'a', '--no-delay'],
    ['launch', 'a', '--attach=yes'],
    ['launch', '--image'],
  ],
  ...[
    ['launch', 'a', '--delay', '1', '--delay', '2'],
    ['launch', 'a', '--image', 'b'],
    ['launch', 'a', '--command', 'x', '--', 'y'],
  ],
  ...[
    ['launch', 'a', '--delay', '1', '--at', '2030-01-01T00:00:00Z'],
    ['launch', 'a', '--as', 'json'],
    ['launch', 'a', '-v', '/a:/b'],
  ],
  ...[
    ['launch', 'a', '--rm'],
    ['launch', 'a', '--privileged'],
    ['launch', 'a', '--label', 'hunter2'],
    ['launch', 'self', '--pull', 'always'],
  ],
  ...[
    ['launch', 'a', '--auto-remove', '--restart', 'always'],
    ['launch', 'a', '--network', 'host', '--publish', '80'],
  ],
  ...[
    ['plan'],
    ['plan', 'a', 'b'],
    ['plan', 'a', '--as', 'yaml'],
    ['plan', 'a', '--as'],
    ['plan', 'a', '--show-values=1'],
  ],
  ...[
    ['self', 'a'],
    ['self', '--image', 'a'],
    ['self', '--slef', 'a'],
    ['self', '--self', '-a'],
    ['self', '--', 'x'],
  ],
  ...[['path'], ['path', ''], ['path', '/a', '/b'], ['path', '/a', '--json=1'], ['path', '/a', '--delay', '1']],
];

export const policies: readonly string[] = [
  ...['', '{', 'null', '[]', '1', '"x"', '{"image":[]}', '{"Images":[]}', '{"allow":true}', '{"__proto__":{}}'],
  ...['{"images":"alpine:3"}', '{"images":null}', '{"images":[1]}', '{"images":["alpine"]}', '{"images":["*"]}'],
  ...['{"images":["alpine:3*"]}', '{"images":["Alpine:3"]}', '{"images":["alpine@sha256:abc"]}', '{"images":[""]}'],
  ...[
    '{"images":["https://alpine:3"]}',
    '{"images":["u:hunter2@h/x:1"]}',
    '{"requireDigest":"yes"}',
    '{"inherit":true}',
  ],
  ...[
    '{"inherit":"mount"}',
    '{"inherit":""}',
    '{"mounts":"none"}',
    '{"mounts":["/srv"]}',
    '{"mounts":[{"path":"srv"}]}',
  ],
  ...['{"mounts":[{"path":"/srv/"}]}', '{"mounts":[{"path":"/a/../b"}]}', '{"mounts":[{"path":"/a","readonly":true}]}'],
  ...[
    '{"mounts":[{"path":"/a","volume":"bb"}]}',
    '{"mounts":[{}]}',
    '{"mounts":[{"volume":"/a"}]}',
    '{"mounts":[null]}',
  ],
  ...[
    '{"engineSocket":"no"}',
    '{"runtimes":"docker"}',
    '{"runtimes":["auto"]}',
    '{"networks":["a b"]}',
    '{"networks":[""]}',
  ],
  ...[
    '{"publish":0}',
    '{"env":"A"}',
    '{"env":["A["]}',
    '{"override":"true"}',
    '{"override":null}',
    '{"bogus":1,"publish":1}',
  ],
];

/** Addresses of engines. */
export const addresses: readonly string[] = [
  ...['unix://', 'unix://a', 'tcp://', 'tcp://h:0', 'tcp://h:65536', 'tcp://h:x', 'tcp://h/path', 'tcp://h?x=hunter2'],
  ...[
    'tcp://user:hunter2@h:1',
    'user:hunter2@h:1',
    'ftp://h',
    'fd://',
    'npipe:////./pipe/x',
    'tcp://a b',
    '://',
    'tcp://[::1',
  ],
];
