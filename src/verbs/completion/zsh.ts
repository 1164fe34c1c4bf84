import { completed, type CompletedFlag, type CompletedVerb, containerNames, quoted } from './tables.ts';

export function zsh(): string {
  return `#compdef offshoot
# Completion of offshoot for zsh: source <(offshoot completion zsh), or as a file _offshoot in a folder of $fpath.
_offshoot_containers() {
  local -a names
  names=(\${(f)"$(${containerNames})"})
  compadd -a names
}

_offshoot() {
  local -a verbs
  verbs=(
${completed.map(({ name, meaning }) => `    ${quoted(`${name}:${meaning.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${completed.map(caseOf).join('\n')}
  esac
}

if [[ $funcstack[1] == _offshoot ]]; then _offshoot "$@"; else compdef _offshoot offshoot; fi
`;
}

function caseOf({ name, flags, words }: CompletedVerb): string {
  const own =
    words === 'containers'
      ? `'*:container:_offshoot_containers'`
      : words === 'paths'
        ? `'*:path:_files'`
        : `'*:: :(${words.join(' ')})'`;
  return `  ${name}) _arguments -s ${[...flags.flatMap(specs), own].join(' \\\n    ')} ;;`;
}

function specs({ name, short, placeholder, meaning, list, values, isPath }: CompletedFlag): string[] {
  const escaped = meaning.replaceAll(/[[\]:\\]/g, '\\$&');
  const value = placeholder === undefined ? '' : `:${placeholder.replaceAll(/[[\]:]/g, ' ').trim()}:`;
  const action = isPath ? '_files' : values.length > 0 ? `(${values.join(' ')})` : '';
  const one = (flag: string, sign: string): string =>
    quoted(`${list ? '*' : ''}${flag}${value === '' ? '' : sign}[${escaped}]${value}${value === '' ? '' : action}`);
  return [one(`--${name}`, '='), ...(short === undefined ? [] : [one(`-${short}`, '+')])];
}
