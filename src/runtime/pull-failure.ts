import { withoutCredentials } from '../credentials.ts';
import { type ImageFailure, ImageUnavailableError } from '../errors.ts';

/** What the words of a failed pull mean. */
export interface PullFailure {
  readonly reason: ImageFailure;
  /** May it work a moment later? */
  readonly temporary: boolean;
  readonly hint?: string;
  readonly retryAfterMs?: number;
}

/** The words of an engine about a pull that failed, with their meaning. Docker's, Podman's and containerd's. */
export function pullError(reference: string, words: string): ImageUnavailableError {
  const shown = withoutCredentials(words);
  return new ImageUnavailableError(`${reference} cannot be pulled: ${shown}`, classifyPull(words, reference));
}

/**
 * Engines pass no status on, only text; every pattern was seen at one of them. What is in none of them is not known,
 * and not tried again.
 */
export function classifyPull(words: string, reference: string): PullFailure {
  const bare = withoutNames(words, reference);
  const [, meaning] = meanings.find(([pattern]) => pattern.test(bare)) ?? [];
  if (meaning === undefined) return { reason: 'unknown', temporary: false };
  const retryAfterMs = meaning.reason === 'rate-limit' ? retryAfterIn(bare) : undefined;
  return retryAfterMs === undefined ? meaning : { ...meaning, temporary: true, retryAfterMs };
}

/** An image can be called `denied/not-found`, and a digest or a port has numbers like a status. */
function withoutNames(words: string, reference: string): string {
  const repository = reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  return words
    .replaceAll(wholeName(reference), '…')
    .replaceAll(wholeName(repository), '…')
    .replaceAll(/https?:\/\/[^\s"]+/g, '…')
    .replaceAll(/sha(?:256|512):[0-9a-f]+/g, '…')
    .replaceAll(/(?:\d+\.){3}\d+:\d+|\]:\d+/g, '…');
}

/** A plain word stays: it may be one of the engine's. */
function wholeName(name: string): RegExp {
  if (!/[./:]/.test(name)) return /(?!)/g;
  const literal = name.replaceAll(/[^A-Za-z0-9_]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w./-])${literal}(?![\w-])`, 'g');
}

const later = 'Trying again later may help.';
const permanent = (reason: ImageFailure, hint: string): PullFailure => ({ reason, temporary: false, hint });
const temporary = (reason: ImageFailure, hint: string): PullFailure => ({ reason, temporary: true, hint });

/** `status: 404`, `StatusCode: 404`, `status code from registry 404`, `HTTP 404 response`; never a number alone. */
function status(digits: string): string {
  return String.raw`(?:status|HTTP)\b[^\n]{0,60}?\b${digits}\b|StatusCode: ${digits}\b`;
}

/** The first that fits counts: the words of a refusal often name what else it could be. */
const meanings: readonly (readonly [words: RegExp, meaning: PullFailure])[] = [
  [
    new RegExp(`toomanyrequests|too many requests|${status('429')}`, 'i'),
    permanent('rate-limit', 'The registry limits how often it is asked; try later, or log in.'),
  ],
  [
    /no space left on device|disk quota exceeded/i,
    permanent('no-space', "The engine's disk is full: make room there (docker system df, docker system prune)."),
  ],
  [
    /no matching manifest|no match for platform|no image found in (?:manifest list|image index)|not match the specified platform|no unpack platforms|does not provide (?:the|any)/i,
    permanent('platform', 'There is no such image for this platform.'),
  ],
  [
    /verification failed|unexpected commit digest|failed precondition|digest did not match|digest mismatch|digest \S+ does not match/i,
    permanent(
      'digest',
      'What the registry sends is not what its digest says: is there a broken proxy or mirror in between?',
    ),
  ],
  [
    /x509|certificate|server gave HTTP response to HTTPS|first record does not look like a TLS|tls: (?!.*timeout)/i,
    permanent(
      'network',
      "The engine does not trust the registry's certificate, or it has none: that is a setting of the engine.",
    ),
  ],
  [
    new RegExp(
      String.raw`unauthorized|\bdenied\b(?<!permission denied)|forbidden|authentication required|authorization failed|no basic auth|insufficient_scope|incorrect username or password|invalid username/password|${status('40[13]')}`,
      'i',
    ),
    permanent('denied', 'The registry does not give it to us: is the name right, and is a login needed?'),
  ],
  [
    /no such host|server misbehaving|dial (?:tcp|udp)|i\/o timeout|handshake timeout|connection (?:refused|reset|timed out)|network is unreachable|no route to host|broken pipe|deadline exceeded|Client\.Timeout|request canceled|temporary failure in name resolution|failed to do request|: EOF$|^EOF$/i,
    temporary('network', `The engine cannot reach the registry. ${later}`),
  ],
  [
    new RegExp(
      String.raw`unexpected EOF|short read|byte range|\bEOF\b|${status('(?:5\\d\\d|408)')}|unexpected end of JSON`,
      'i',
    ),
    temporary('broken', `The registry, or the way to it, is in trouble. ${later}`),
  ],
  [
    new RegExp(
      String.raw`manifest unknown|name unknown|unknown blob|blob unknown|(?<!file )\bnot found\b|does not exist|${status('404')}`,
      'i',
    ),
    permanent('not-found', 'There is no such image or tag at the registry.'),
  ],
  // A page where JSON should be.
  [/invalid character/, temporary('broken', `Something other than a registry answers there. ${later}`)],
  // With its own image store Docker passes on what the registry says in words, and no status.
  [/error from registry: /, temporary('unknown', later)],
];

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Some registries say it in their words: `retry-after: 1.5s`, as Go writes it, or in seconds. */
function retryAfterIn(words: string): number | undefined {
  const [, text, unit = 's'] = /retry[- ]?after:?\s+(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)?\b/i.exec(words) ?? [];
  return text === undefined ? undefined : Math.ceil(Number(text) * (unitMs[unit] ?? 1000));
}
