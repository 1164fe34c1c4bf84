import type { SettingCase } from './types.ts';

const special = `a  b $HOME \${HOME} $$ \`id\` "double" 'single' back\\slash #hash é=\u{1f389} \ttab\nline`;

export const processCases: readonly SettingCase[] = [
  { name: 'nothing special' },
  { name: 'variables', flags: ['-e', 'ONE=1', '-e', 'TWO=a b', '-e', 'EMPTY='] },
  {
    name: 'variables with special characters',
    flags: ['-e', `SPECIAL=${special}`, '-e', 'YES=yes', '-e', 'OCTAL=0755', '-e', 'dotted.name=1'],
  },
  { name: 'labels', flags: ['--label', 'one=1', '--label', 'org.example/two=a b', '--label', 'empty'] },
  {
    name: 'labels with special characters',
    flags: ['--label', `special=${special}`, '--label', 'date=2020-02-02', '--label', 'time=12:34:56'],
  },
  { name: 'annotations', minApi: '1.43', flags: ['--annotation', 'org.example.one=1', '--annotation', 'two=a b'] },
  {
    name: 'a command with special characters',
    words: ['sh', '-c', 'sleep 1000; : "$@"', '--', special, '', '-x', '--', '~', '*'],
  },
  { name: 'another entrypoint', flags: ['--entrypoint', '/bin/sleep'], words: ['1000'] },
  { name: 'no entrypoint', flags: ['--entrypoint', ''], words: ['sleep', '1000'] },
  { name: 'an entrypoint of several words', body: { Entrypoint: ['/bin/sh', '-c'], Cmd: ['sleep 1000'] } },
  { name: 'a user by name', flags: ['--user', 'nobody'] },
  { name: 'a user and a group by number', flags: ['--user', '1000:1000'] },
  { name: 'another folder', flags: ['--workdir', '/var/tmp/a b'] },
  { name: 'a terminal', flags: ['-t'] },
  { name: 'an open input', body: { OpenStdin: true } },
  { name: 'an open input and a terminal', body: { OpenStdin: true, Tty: true } },
  { name: 'an input that is open for a client', flags: ['-i'] },
  { name: 'an init', flags: ['--init'] },
  { name: 'no init', flags: ['--init=false'] },
  { name: 'a stop signal', flags: ['--stop-signal', 'SIGQUIT'] },
  { name: 'a time to stop', flags: ['--stop-timeout', '30'] },
  { name: 'no time to stop', flags: ['--stop-timeout', '0'] },
  { name: 'all the time to stop', flags: ['--stop-timeout', '-1'] },
  { name: 'a check', flags: ['--health-cmd', `test -e /tmp && echo "it's $HOME"`] },
  {
    name: 'a check with its times',
    flags: [
      ...['--health-cmd', 'true', '--health-interval', '1m30s', '--health-timeout', '1500ms'],
      ...['--health-start-period', '10s', '--health-retries', '5'],
    ],
  },
  {
    name: 'a check that is more frequent at the start',
    minApi: '1.44',
    flags: ['--health-cmd', 'true', '--health-start-period', '10s', '--health-start-interval', '1s'],
  },
  { name: 'times for the check of the image', flags: ['--health-interval', '1h'] },
  { name: 'no check', flags: ['--no-healthcheck'] },
  { name: 'a check without a shell', body: { Healthcheck: { Test: ['CMD', 'test', '-e', '/tmp'], Retries: 2 } } },
  { name: 'a shell for checks', body: { Shell: ['/bin/sh', '-ec'], Healthcheck: { Test: ['CMD-SHELL', 'true'] } } },
  {
    name: 'logs in files that are kept small',
    flags: ['--log-driver', 'json-file', '--log-opt', 'max-size=1m', '--log-opt', 'max-file=3'],
  },
  { name: 'logs of the driver local', flags: ['--log-driver', 'local'] },
  { name: 'no logs', flags: ['--log-driver', 'none'] },
  { name: 'started again when it fails', flags: ['--restart', 'on-failure:3'] },
  { name: 'started again always', flags: ['--restart', 'always'] },
  { name: 'started again unless it was stopped', flags: ['--restart', 'unless-stopped'] },
  { name: 'removed when it ends', flags: ['--rm'] },
  { name: 'a platform', flags: ['--platform', `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`] },
];
