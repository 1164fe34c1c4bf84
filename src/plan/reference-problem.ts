/** What is wrong with a text that is no image reference, in the words of whoever has written it. */
export function problemOfReference(text: string): string {
  if (text.length > 600) return tooLong;
  return problems.find(([isIt]) => isIt(text))?.[1] ?? 'is no image reference';
}

const tooLong = 'has a name of more than 255 characters';

type Problem = readonly [isIt: (text: string) => boolean, problem: string];

/** The first that holds is told. */
const problems: readonly Problem[] = [
  [(text) => text === '', 'is empty'],
  [has(/[\s\p{C}]/u), 'has white space or invisible letters in it'],
  [has(/[^\x20-\x7e]/), 'has a letter that is not ASCII, which may look like another one'],
  [has(/^[a-z][a-z0-9+.-]*:\/\//i), 'has a scheme (https://), which no image reference has'],
  [has(/^[^/]*@[^/]*\//), 'has a user or a password before the registry, where none has a place'],
  [has(/%/), 'has a % in it: nothing is percent-encoded'],
  [has(/@$/), 'ends with @, which no digest follows'],
  [has(/@.*@/), 'has two digests'],
  [has(/@(?!sha(?:256|384|512):)/), 'has a digest that is not of sha256, sha384 or sha512'],
  [
    has(/@(?!sha(?:256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})$)/),
    'has a digest of the wrong length, or with other digits than 0-9 a-f',
  ],
  [has(/:(?=@|$)/), 'has a colon that no tag follows'],
  [has(/^\/|\/\/|\/$/), 'begins or ends with a slash, or has two in a row'],
  [has(/(?:^|\/)\.{1,2}(?:\/|$)/), 'has a path of dots in it'],
  [
    has(/:0*(?:0|6553[6-9]|655[4-9]\d|65[6-9]\d\d|6[6-9]\d{3}|[7-9]\d{4}|\d{6,})\//),
    'has a port that is none: 1 to 65535',
  ],
  [has(/^[^@:]{256}/), tooLong],
  [has(/\/[^:]*[A-Z]|^[^/:]*[A-Z]/), 'has capital letters in the name'],
  [has(/:[^/]{129,}$/), 'has a tag of more than 128 characters'],
  [has(/:[.-][^/]*$/), 'has a tag that begins with a dot or a dash'],
  [has(/(?:^|\/)[._-]|[._-](?:[:/]|$)|\.\.|\.[_-]|[_-]\.|___/), 'has a separator (. _ -) where none may be'],
];

function has(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}
