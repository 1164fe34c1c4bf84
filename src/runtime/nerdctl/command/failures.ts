import {
  CommandNotExecutableError,
  CommandNotFoundError,
  EngineRefusedError,
  EngineUnavailableError,
  ImageUnavailableError,
  NameTakenError,
  NotFoundError,
  type OffshootError,
} from '../../../errors.ts';
import { reasonIn } from './log-lines.ts';

/** What nerdctl left behind. Its exit status is 1 whatever went wrong: only its words tell. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** It is not there: each command says so in its own way. */
export function isMissing({ exitCode, stderr }: Answer): boolean {
  return exitCode !== 0 && /\bno such (?:container|object|image):? /i.test(reasonIn(stderr));
}

/** Why containerd or the host cannot be reached, by the words of nerdctl, nsenter or the kernel. */
const unreachable: readonly (readonly [words: RegExp, says: string, hint: string])[] = [
  [
    /cannot access containerd socket "([^"]*)": no such file/,
    'there is no socket of containerd: $1 does not exist',
    'Is containerd running? CONTAINERD_ADDRESS names another socket; from inside a container, OFFSHOOT_HOST=always uses the one of the host.',
  ],
  [
    /cannot access containerd socket "([^"]*)": (.*)/,
    "containerd's socket $1 cannot be used: $2",
    'nerdctl needs root and the socket itself, not a folder in its place.',
  ],
  [
    /(?:connect|dial)\S*: connection refused|connection error: desc = "transport: Error while dialing/,
    'nothing answers at the socket of containerd',
    'Is containerd running? Its socket is left behind when it dies.',
  ],
  [
    /context deadline exceeded|failed to dial|i\/o timeout/,
    'containerd does not answer',
    'containerd hangs or is stopped; see its log.',
  ],
  [
    /nsenter: .*(?:Permission denied|Operation not permitted)/i,
    "this container may not enter its host's namespaces",
    'Run it with --privileged --pid host; or give it nerdctl and what belongs to it, and OFFSHOOT_HOST=never.',
  ],
  [
    /nsenter: .*nerdctl.*(?:No such file|not found)|can't execute 'nerdctl'/i,
    'the host has no nerdctl',
    'It has to be on the PATH of the host: /usr/local/bin is usual.',
  ],
  [
    /rootless mode|rootlesskit|not running as root|must be root/i,
    'nerdctl runs without root here, which offshoot does not support',
    'Run this container as root.',
  ],
];

export function unavailable(answer: Answer): EngineUnavailableError | undefined {
  if (answer.exitCode === 0) return undefined;
  const reason = reasonIn(answer.stderr);
  for (const [words, says, hint] of unreachable) {
    const match = words.exec(reason);
    if (match === null) continue;
    const text = says.replace(/\$(\d)/g, (_, at: string) => match[Number(at)] ?? '');
    return new EngineUnavailableError(says.includes('$') ? text : `${text}: ${reason}`, { hint });
  }
  return undefined;
}

/** Is something of what was asked for there? Of several some may be gone. */
export function isFound(answer: Answer): boolean {
  const text = answer.stdout.trim();
  // Of an image that is missing nothing is said at all.
  if (text === '[]' || (answer.exitCode === 0 && text === '')) return false;
  if (answer.exitCode === 0 || text.startsWith('[')) return true;
  if (isMissing(answer)) return false;
  throw refusal(answer, 'inspect it');
}

/** What a refusal means, told apart once, here. */
export function refusal(answer: Answer, what: string): OffshootError {
  return unavailable(answer) ?? new EngineRefusedError(`nerdctl refused to ${what}: ${wordsOf(answer)}`);
}

const nameTaken = /name-store error[^]*is already used by ID(?: "([0-9a-f]{64})")?/;

/** Id of the container that has the name, where that is why none was created. */
export function holderOfName(answer: Answer): string | undefined {
  return answer.exitCode === 0 ? undefined : nameTaken.exec(reasonIn(answer.stderr))?.[1];
}

export function createRefusal(answer: Answer, name: string, image: string): OffshootError {
  const words = wordsOf(answer);
  const text = `nerdctl refused to create ${name}: ${words}`;
  if (nameTaken.test(words)) return new NameTakenError(text);
  if (/image not available|no such image|image .* not found|does not provide any platform/i.test(words))
    return new ImageUnavailableError(`${image} is not in this namespace of containerd: ${words}`);
  return unavailable(answer) ?? new EngineRefusedError(text);
}

/** Words about a mount or a hook may end in the same way: only `exec: "…"` is about the command. */
const ofTheCommand =
  /(?<!hook[^]*)\bexec: "(?:[^"\\]|\\.)*": (?:stat .*: )?(?:(?<cannot>permission denied|is a directory)|(?<missing>executable file not found|no such file or directory))/;

export function startRefusal(answer: Answer, id: string): OffshootError {
  if (isMissing(answer)) return new NotFoundError('container', id);
  return commandRefusal(answer, `nerdctl refused to start ${id.slice(0, 12)}: ${wordsOf(answer)}`);
}

/** Is it the command's fault? */
export function commandRefusal(answer: Answer, text: string): OffshootError {
  const words = wordsOf(answer);
  const { cannot, missing } = ofTheCommand.exec(words)?.groups ?? {};
  if (cannot !== undefined) return new CommandNotExecutableError(text);
  if (missing !== undefined) return new CommandNotFoundError(text);
  return unavailable(answer) ?? new EngineRefusedError(text);
}

function wordsOf(answer: Answer): string {
  // `… environment variable …: "=secret"`; the name tells enough.
  return (reasonIn(answer.stderr) || `status ${answer.exitCode}`).replace(
    /(environment variable.*?: "?[^=]*=).*/is,
    '$1…',
  );
}
