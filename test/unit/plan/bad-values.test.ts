import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { parsePlan } from '../../../src/plan/plan.ts';
import { flagOf, type RequestKey, requestKeys, variables } from '../../../src/plan/variables.ts';
import { badConditions, badGlobs, badMounts } from './bad-items.ts';
import { badPlatforms } from './bad-platforms.ts';

/** For every variable: values that are refused, and a word that the message must have to be of use. */
const badValues: { readonly [K in RequestKey]: readonly (readonly [value: string, says: string])[] } = {
  image: [
    ['Alpine', 'lower-case'],
    ['alpine:', 'name[:tag]'],
    ['alpine@', 'name[:tag]'],
    ['alpine@sha256:abc', 'name[:tag]'],
    ['alpine latest', 'name[:tag]'],
    ['alpine:ta/g', 'name[:tag]'],
    ['-alpine', 'name[:tag]'],
    ['http://registry/alpine', 'name[:tag]'],
    ['../alpine', 'name[:tag]'],
    ['alpine?x=1', 'name[:tag]'],
    ['аlpine', 'name[:tag]'], // a Cyrillic letter
    [`${'a/'.repeat(128)}a`, 'name[:tag]'],
  ],
  command: [
    ['["echo", 1]', 'JSON array of strings'],
    ['["echo"', 'not valid JSON'],
    ['echo "unfinished', 'quote'],
    [String.raw`echo \ `.trimEnd(), 'backslash'],
  ],
  entrypoint: [
    ['[null]', 'JSON array of strings'],
    ['[[]]', 'JSON array of strings'],
    ["sh -c 'x", 'quote'],
  ],
  namespace: [
    ['a b', 'letters and digits'],
    ['-a', 'letters and digits'],
    ['a..b', 'letters and digits'],
    ['a/b', 'letters and digits'],
    ['a'.repeat(77), '76 characters'],
  ],
  host: [
    ['yes', 'auto, always, never'],
    ['Always', 'auto, always, never'],
  ],
  delay: [
    ['soon', 'duration'],
    ['-1', 'duration'],
    ['1e3', 'duration'],
    ['0x10', 'duration'],
    ['10 s', 'duration'],
    ['s', 'duration'],
    ['1d', 'duration'],
    ['1s2', 'duration'],
    ['NaN', 'duration'],
    ['Infinity', 'duration'],
    ['9000h', 'year'],
    ['99999999999', 'year'],
  ],
  at: [
    ['tomorrow', 'RFC 3339'],
    ['2030-01-01', 'RFC 3339'],
    ['2030-01-01T00:00:00', 'zone'],
    ['2030-13-01T00:00:00Z', 'RFC 3339'],
    ['2020-01-01T00:00:00Z', 'is over'],
  ],
  when: badConditions,
  whenTimeout: [
    ['never', 'duration'],
    ['10 m', 'duration'],
  ],
  whenElse: [
    ['start', 'abort, launch'],
    ['Abort', 'abort, launch'],
  ],
  runtime: [
    ['dcoker', 'auto, docker'],
    ['Docker', 'auto, docker'],
  ],
  pull: [
    ['allways', 'missing, always, never'],
    ['true', 'missing, always, never'],
  ],
  pullTimeout: [
    ['1 minute', 'duration'],
    ['-5s', 'duration'],
  ],
  platform: badPlatforms,
  name: [
    ['a', 'two or more'],
    ['-a', 'first a letter'],
    ['a/b', 'a-z'],
    ['a b', 'a-z'],
    ['ä1', 'a-z'],
  ],
  inherit: [
    ['some', 'expected all, safe or none'],
    ['all,none', 'stands first'],
    ['-all', 'expected all, safe or none'],
    ['mount', 'did you mean mounts?'],
    ['all,-netwrok', 'did you mean -network?'],
    ['env,', 'expected all, safe or none'],
    ['ALL', 'did you mean all?'],
    ['env mounts', 'a list of env, mounts'],
  ],
  dropEnv: badGlobs,
  keepEnv: badGlobs,
  network: [
    ['container:', 'container:NAME'],
    ['container:a/b', 'container:NAME'],
    ['slirp4netns:mtu=1', 'no option'],
    ['ns:/proc/1/ns/net', 'the name of a network'],
    ['one,two', 'several are words'],
    ['name=', 'name needs a value'],
    ['name=a,alias', 'alias needs a value'],
    ['name=a,', 'empty field'],
    ['alias=x', 'has no name'],
    ['name=a,name=b', 'name is given twice'],
    ['name=a,ip=10.0.0.1,ip=10.0.0.2', 'ip is given twice'],
    ['name=a,ip=10.0.0', 'no IPv4 address'],
    ['name=a,ip=::1', 'no IPv4 address'],
    ['name=a,ip6=10.0.0.1', 'no IPv6 address'],
    ['name=a,ip6=fe80::1%eth0', 'no IPv6 address'],
    ['name=a,gw-priority=high', 'no whole number'],
    ['name=a,driver-opt=x', 'driver-opt=KEY=VALUE'],
    ['name=a,driver-opt=x=1,driver-opt=x=2', 'driver-opt=x is given twice'],
    ['name=a,mac-address=02:00:00:00:00:01', 'no option of a network'],
    ['name=a,ailas=b', 'did you mean alias?'],
    ['name=host,alias=x', 'host is a mode'],
    ['name=none,ip=10.0.0.1', 'none is a mode'],
    ['name=container:web,alias=x', 'container:web is a mode'],
  ],
  publish: [
    ['http', 'http is no port'],
    ['0', '0 is no port'],
    ['65536', '65536 is no port'],
    ['0:80', '0 is no port'],
    ['80:65536', '65536 is no port'],
    ['99999999999999999999', 'no port'],
    ['+80', 'no port'],
    ['80-', 'no port'],
    ['1-2-3', 'no port'],
    ['80-79', 'ends before it begins'],
    ['8000-8010:8000-8009', '11 ports of the host for 10 of the container'],
    ['8000:8000-8001', '1 ports of the host for 2 of the container'],
    ['80/icmp', 'tcp, udp or sctp'],
    ['80/', 'tcp, udp or sctp'],
    ['80/tcp/udp', 'expected [[IP:]PORT:]PORT'],
    ['80,443', 'no port'],
    ['::1:80:80', 'expected [[IP:]PORT:]PORT'],
    ['[::1:80:80', 'expected [[IP:]PORT:]PORT'],
    ['[]:80:80', 'no IP address'],
    ['[127.0.0.1]:80:80', 'no IP address'],
    ['[fe80::1%eth0]:80:80', 'no IP address'],
    ['localhost:80:80', 'no IP address'],
    ['256.0.0.1:80:80', 'no IP address'],
    ['80:', 'expected [[IP:]PORT:]PORT'],
    ['1:2:3:4', 'expected [[IP:]PORT:]PORT'],
  ],
  mount: badMounts,
  label: [
    ['name', 'item 1: has no ='],
    ['=value', 'item 1: has no name'],
    ['io.offshoot.role=waiter', 'labels of offshoot itself'],
  ],
  restart: [
    ['never', 'no, always, unless-stopped, on-failure'],
    ['Always', 'no, always, unless-stopped, on-failure'],
    ['always:3', 'only on-failure'],
    ['on-failure:', 'whole number'],
    ['on-failure:-1', 'whole number'],
    ['on-failure:1:2', 'whole number'],
    ['on-failure:1.5', 'whole number'],
  ],
  autoRemove: [['rm', 'true or false']],
  ready: [
    ['ready', 'started, running, healthy, or exited:0'],
    ['Healthy', 'started, running, healthy, or exited:0'],
    ['exited', 'started, running, healthy, or exited:0'],
    ['exited:', 'started, running, healthy, or exited:0'],
    ['exited:256', 'status from 0 to 255'],
    ['exited:-1', 'status from 0 to 255'],
    ['exited:0x1', 'status from 0 to 255'],
    ['running:5s', 'started, running, healthy, or exited:0'],
  ],
  readyTimeout: [['soon', 'duration']],
  statusFile: [
    ['status.json', 'the path of a file'],
    ['/', 'the path of a file'],
    ['.', 'the path of a file'],
    ['..', 'the path of a file'],
    ['./', 'the path of a file'],
    ['/data/', 'the path of a file'],
    ['/data/.', 'the path of a file'],
    ['/data/..', 'the path of a file'],
  ],
  attach: [
    ['maybe', 'true or false'],
    ['2', 'true or false'],
  ],
  key: [
    ['a b', 'printable ASCII'],
    ['a\nb', 'printable ASCII'],
    ['k'.repeat(201), '1 to 200'],
  ],
  override: [
    ['{', 'not valid JSON'],
    ['[]', 'JSON object'],
    ['"text"', 'JSON object'],
    ['null', 'JSON object'],
  ],
  dryRun: [['si', 'true or false']],
  self: [['a b', 'a-z']],
  log: [['xml', 'auto, text, json']],
  logLevel: [['verbose', 'debug, info, warn, error']],
};

const good = { OFFSHOOT_IMAGE: 'alpine' };
const now = new Date('2026-01-01T00:00:00Z');

function mistakesOf(env: Record<string, string>, flags = {}): readonly { name: string; problem: string }[] {
  try {
    parsePlan({ env: { ...good, ...env }, flags, now, readFile: () => '' });
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.mistakes;
    throw error;
  }
  return [];
}

describe.each(requestKeys)('%s', (key) => {
  const { name, secret, list } = variables[key];

  it.each(badValues[key])('refuses %j as a variable', (value, says) => {
    const mistakes = mistakesOf({ [name]: value });
    expect(mistakes).toEqual([{ name, problem: expect.stringContaining(says) }]);
  });

  it.each(badValues[key])('refuses %j as a flag', (value, says) => {
    const mistakes = mistakesOf({}, { [key]: list === undefined ? value : [value] });
    const blamed = says === 'is over' ? name : `--${flagOf(variables[key])}`;
    expect(mistakes).toEqual([{ name: blamed, problem: expect.stringContaining(says) }]);
  });

  it.each(badValues[key])('shows %j, unless it may be a secret', (value, says) => {
    const [mistake] = mistakesOf({ [name]: value });
    const isShown = mistake?.problem.includes(says === 'is over' ? value.slice(0, 10) : JSON.stringify(value));
    expect(isShown).toBe(!secret);
  });

  it('counts the empty string as unset', () => {
    const mistakes = mistakesOf({ [name]: '' });
    expect(mistakes.map((mistake) => mistake.name)).toEqual(key === 'image' ? ['OFFSHOOT_IMAGE'] : []);
  });
});

it.each([
  ['OFFSHOOT_PUBLISH', '80 x 443 y', ['"x": x is no port', '"y": y is no port']],
  ['OFFSHOOT_PUBLISH', '[::1]:80 80', ['"[::1]:80": expected [[IP:]PORT:]PORT']],
  ['OFFSHOOT_PUBLISH', '["80", "8 0"]', ['"8 0": 8 0 is no port']],
  ['OFFSHOOT_PUBLISH', '8080:80 8080:81', ['host port 8080/tcp is given twice']],
  ['OFFSHOOT_PUBLISH', '8080:80 127.0.0.1:8080:80', ['host port 8080/tcp is given twice']],
  ['OFFSHOOT_PUBLISH', '8000-8002:8000-8002 8001:80', ['host port 8001/tcp is given twice']],
  ['OFFSHOOT_PUBLISH', '80 80/tcp', ['80/tcp is given twice']],
  ['OFFSHOOT_NETWORK', 'front back front', ['the network front is given twice']],
  ['OFFSHOOT_NETWORK', 'front host', ['host is a mode and front is given as well']],
  ['OFFSHOOT_NETWORK', 'none container:web', ['none is a mode and container:web is given as well']],
  ['OFFSHOOT_NETWORK', 'name=front,alias=a front', ['the network front is given twice']],
  ['OFFSHOOT_MOUNT', '/a:/data cache:/data/', ['the target /data is given twice']],
  ['OFFSHOOT_MOUNT', '/data type=tmpfs,target=/x/../data', ['the target /data is given twice']],
  ['OFFSHOOT_LABEL', 'a=1 b=2 a=3', ['the label a is given twice']],
  ['OFFSHOOT_LABEL', '["a b=1"]', ['item 1: has white space in its name']],
  ['OFFSHOOT_LABEL', 'token=my secret', ['item 2: has no =']],
  ['OFFSHOOT_DROP_ENV', 'A*,B/C, D', ['"B/C": has "/"']],
  ['OFFSHOOT_DROP_ENV', 'A,,B', ['"": is empty']],
  ['OFFSHOOT_DROP_ENV', 'A,', ['"": is empty']],
  ['OFFSHOOT_DROP_ENV', '["A", ""]', ['"": is empty']],
  ['OFFSHOOT_KEEP_ENV', ' ', ['" ": holds no glob']],
  ['OFFSHOOT_WHEN', ' ', ['" ": holds no condition']],
  ['OFFSHOOT_WHEN', 'exited:self, tcp:db:0 file:x', ['"tcp:db:0": the port', '"file:x": is no path']],
])('of the list %s=%j it names what is bad', (name, text, problems) => {
  expect(mistakesOf({ [name]: text })).toEqual(
    problems.map((problem) => ({ name, problem: expect.stringContaining(problem) })),
  );
});

it.each(requestKeys.filter((key) => variables[key].list !== undefined))('%s is words or a JSON array', (key) => {
  const { name, secret } = variables[key];
  for (const [text, says] of [
    ['a=1 "b', 'has a quote'],
    ['["a", 1]', 'JSON array of strings'],
    ['["a"', 'not valid JSON'],
  ] as const) {
    const shown = secret ? 'its value' : JSON.stringify(text);
    expect(mistakesOf({ [name]: text })).toEqual([{ name, problem: expect.stringContaining(says) }]);
    expect(mistakesOf({ [name]: text })[0]?.problem.startsWith(`${shown}: `)).toBe(true);
  }
});

it('no message repeats a label', () => {
  const flags = { label: ['hunter2', '=hunter2', 'io.offshoot.x=hunter2', 'a b=hunter2'] };
  const mistakes = mistakesOf({}, flags);
  expect(mistakes.map(({ problem }) => problem.slice(0, 7))).toEqual(['item 1:', 'item 2:', 'item 3:', 'item 4:']);
  expect(JSON.stringify(mistakes)).not.toContain('hunter2');
});

it.each([
  ['http://root:hunter2@web/', 'a user or a password'],
  ['http:https://hunter2@web/', 'a user or a password'],
  ['http://root:hunter2@web:99999/', 'is no URL'],
  ['http://web:0/?token=hunter2', 'the port 0'],
  ['tcp:hunter2@db:80', 'tcp:HOST:PORT'],
  ['exited:a/b http://root:hunter2@web', 'a user or a password'],
  ['"http://root:hunter2@web', 'has a quote'],
])('no message repeats what may be secret in %s', (text, says) => {
  for (const mistakes of [mistakesOf({ OFFSHOOT_WHEN: text }), mistakesOf({}, { when: [text] })]) {
    expect(mistakes.length).toBeGreaterThan(0);
    expect(JSON.stringify(mistakes)).not.toContain('hunter2');
  }
  expect(JSON.stringify(mistakesOf({ OFFSHOOT_WHEN: text }))).toContain(says);
});

it.each(['OFFSHOOT_ENV_', 'OFFSHOOT_ENV_A=B', 'OFFSHOOT_ENV_='])('refuses the name %s', (name) => {
  expect(mistakesOf({ [name]: '' }).map((mistake) => mistake.name)).toEqual([name]);
});

it('lists every mistake at once', () => {
  const names = mistakesOf({ OFFSHOOT_DELAY: 'x', OFFSHOOT_PULL: 'x', OFFSHOOT_NAME: '/', OFFSHOOT_IMAGE: 'X' });
  expect(names.map(({ name }) => name).toSorted()).toEqual([
    'OFFSHOOT_DELAY',
    'OFFSHOOT_IMAGE',
    'OFFSHOOT_NAME',
    'OFFSHOOT_PULL',
  ]);
});

it.each([
  ['OFFSHOOT_IMGAE', 'OFFSHOOT_IMAGE'],
  ['OFFSHOOT_DEALY', 'OFFSHOOT_DELAY'],
  ['OFFSHOOT_DRYRUN', 'OFFSHOOT_DRY_RUN'],
])('refuses the unknown %s and points at %s', (name, near) => {
  expect(mistakesOf({ [name]: 'x' })).toEqual([{ name, problem: expect.stringContaining(near) }]);
});

it.each([
  [{ OFFSHOOT_DELAY: '5', OFFSHOOT_AT: '2030-01-01T00:00:00Z' }, 'OFFSHOOT_AT'],
  [{ OFFSHOOT_IMAGE: 'self', OFFSHOOT_PULL: 'always' }, 'OFFSHOOT_PULL'],
  [{ OFFSHOOT_NAME: 'web', OFFSHOOT_NAME_FILE: '/name' }, 'OFFSHOOT_NAME_FILE'],
  [{ OFFSHOOT_COMPAT: 'waitdemon' }, 'OFFSHOOT_COMPAT'],
  [{ OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_RESTART: 'always' }, 'OFFSHOOT_AUTO_REMOVE'],
  [{ OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_RESTART: 'on-failure:3' }, 'OFFSHOOT_AUTO_REMOVE'],
  [{ OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_INHERIT: 'all,restart' }, 'OFFSHOOT_AUTO_REMOVE'],
  [{ OFFSHOOT_NETWORK: 'host', OFFSHOOT_PUBLISH: '80' }, 'OFFSHOOT_PUBLISH'],
  [{ OFFSHOOT_ATTACH: '1', OFFSHOOT_WHEN: 'tcp:db:1,exited:self' }, 'OFFSHOOT_WHEN'],
  [{ OFFSHOOT_ATTACH: '1', OFFSHOOT_READY: 'healthy' }, 'OFFSHOOT_READY'],
  [{ OFFSHOOT_RESTART: 'always', OFFSHOOT_READY: 'exited:0' }, 'OFFSHOOT_READY'],
  [{ OFFSHOOT_NETWORK: 'container:web', OFFSHOOT_PUBLISH: '80' }, 'OFFSHOOT_PUBLISH'],
  [{ OFFSHOOT_LABEL: 'a=1', OFFSHOOT_LABEL_FILE: '/labels' }, 'OFFSHOOT_LABEL_FILE'],
])('refuses the contradiction %j', (env, name) => {
  expect(mistakesOf(env).map((mistake) => mistake.name)).toEqual([name]);
});

it.each([
  { OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_RESTART: 'no' },
  { OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_RESTART: 'no', OFFSHOOT_INHERIT: 'all,restart' },
  { OFFSHOOT_AUTO_REMOVE: '0', OFFSHOOT_RESTART: 'always' },
  { OFFSHOOT_AUTO_REMOVE: '1', OFFSHOOT_INHERIT: 'all' },
  { OFFSHOOT_NETWORK: 'bridge front', OFFSHOOT_PUBLISH: '80' },
  { OFFSHOOT_KEEP_ENV: 'A*', OFFSHOOT_DROP_ENV: 'AB' },
  { OFFSHOOT_ATTACH: '1', OFFSHOOT_WHEN: 'exited:other', OFFSHOOT_READY: 'started' },
  { OFFSHOOT_RESTART: 'on-failure', OFFSHOOT_READY: 'exited:0' },
  { OFFSHOOT_WHEN_ELSE: 'launch', OFFSHOOT_WHEN_TIMEOUT: '0', OFFSHOOT_READY_TIMEOUT: '5' },
])('finds no contradiction in %j', (env) => {
  expect(mistakesOf(env)).toEqual([]);
});
