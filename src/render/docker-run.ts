import type { CreateRequest } from '../runtime/runtime.ts';
import { dockerDeviceRequests } from './docker-devices.ts';
import { flagsOfConfig, flagsOfHost } from './docker-flags.ts';
import { dockerMounts } from './docker-mounts.ts';
import { dockerNetworks } from './docker-networks.ts';
import { dockerHealthcheck, dockerProcess } from './docker-process.ts';
import type { Flag, Said } from './docker-rules.ts';
import { dockerSecurity } from './docker-security.ts';
import { type Members, membersOf } from './members.ts';
import {
  isNote,
  note,
  notesOf,
  notesOnVariables,
  type RenderOptions,
  type Rendering,
  variablesOf,
} from './rendering.ts';
import { shellWord } from './words.ts';

/** A command of a POSIX shell that makes the container that the request asks for. */
export function dockerRun(request: CreateRequest, options: RenderOptions): Rendering {
  const body = membersOf(request.body);
  const host = body.inner('HostConfig');
  const image = body.text('Image') ?? '';
  const networks = dockerNetworks(body, host, request.connect);
  const security = dockerSecurity(host);
  const processOf = dockerProcess(body);
  const input = standardInput(body, networks.connect.length > 0);
  const said: readonly Said[] = [
    { flag: '--name', value: request.name },
    ...(request.platform === undefined ? [] : [{ flag: '--platform', value: request.platform }]),
    ...networks.said,
    ...variables(body, options),
    ...Object.entries(flagsOfConfig).flatMap(([name, rule]) => rule(body, name)),
    ...dockerHealthcheck(body),
    ...Object.entries(flagsOfHost).flatMap(([name, rule]) => rule(host, name)),
    ...dockerMounts(host),
    ...dockerDeviceRequests(host),
    ...security.said,
    ...processOf.said,
    ...input.said,
    ...body.left().map((path) => note(path, 'docker run cannot say this')),
    ...(processOf.words.some(hasZeroByte) ? [note(body.pathOf('Cmd'), noZeroByte)] : []),
  ].map(withoutZeroByte);
  const created = command(input.created ? 'docker create' : 'docker run -d', said, [image, ...processOf.words]);
  const commands = [
    security.profile === undefined ? created : `printf %s ${shellWord(security.profile)} | ${created}`,
    ...networks.connect.map((one) => command('docker network connect', one.said, [one.network, request.name])),
    ...(input.created ? [`docker start ${shellWord(request.name)}`] : []),
  ];
  return {
    text: `${commands.join(' && \\\n')}\n`,
    notes: [...new Set([...notesOf(said), ...networks.connect.flatMap((one) => notesOf(one.said))])],
  };
}

function command(verb: string, said: readonly Said[], words: readonly string[]): string {
  const flags = said.filter((one): one is Flag => !isNote(one));
  const lines = flags.map(({ flag, value }) => (value === undefined ? flag : `${flag} ${shellWord(value)}`));
  return [verb, ...lines, words.map(shellWord).join(' ')].join(' \\\n  ');
}

const noZeroByte = 'a command line takes no zero byte';

function hasZeroByte(word: string): boolean {
  return word.includes('\0');
}

function withoutZeroByte(one: Said): Said {
  return !isNote(one) && hasZeroByte(one.value ?? '') ? note(one.flag, noZeroByte) : one;
}

interface Input {
  /** By `docker create` and `docker start`. */
  readonly created: boolean;
  readonly said: readonly Said[];
}

/** An open input is closed behind the first client by `docker create`, and never by `docker run -d`. */
function standardInput(body: Members, connects: boolean): Input {
  const open = body.flag('OpenStdin') ?? false;
  const once = body.flag('StdinOnce') ?? false;
  const path = body.pathOf('StdinOnce');
  const created = connects || (open && once);
  return {
    created,
    said: [
      ...(open ? [{ flag: '--interactive' }] : []),
      ...(open && created && !once
        ? [note(path, 'docker create has the input closed when the first client leaves')]
        : []),
      ...(once && !open ? [note(path, 'of an input that is not open')] : []),
    ],
  };
}

function variables(body: Members, options: RenderOptions): Said[] {
  const all = variablesOf(body.texts('Env') ?? []);
  return [
    ...all.map(([name, value]) =>
      name === ''
        ? note(body.pathOf('Env'), 'docker run takes no variable without a name')
        : { flag: '--env', value: options.showValues && value !== undefined ? `${name}=${value}` : name },
    ),
    ...notesOnVariables(all, options),
  ];
}
