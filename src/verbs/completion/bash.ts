import { completed, type CompletedVerb, containerNames } from './tables.ts';

export function bash(): string {
  return `# Completion of offshoot for bash: source <(offshoot completion bash)
_offshoot() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words= flags=
  COMPREPLY=()
  # Readline parts a word at "=".
  if [[ $current == = ]]; then current=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  local at
  for ((at = 1; at < COMP_CWORD; at++)); do [[ \${COMP_WORDS[at]} != -- ]] || return 0; done
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${[...completed.map(({ name }) => name), '--help', '--version'].join(' ')}' -- "$current"))
    return 0
  fi
  case \${COMP_WORDS[1]} in
${completed.map(caseOf).join('\n')}
  *) return 0 ;;
  esac
  if [[ $current == -* ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _offshoot offshoot
`;
}

function caseOf({ name, flags, words }: CompletedVerb): string {
  const values = flags.flatMap((flag) => {
    if (flag.placeholder === undefined) return [];
    const names = [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])].join(' | ');
    const reply = flag.isPath
      ? '$(compgen -f -- "$current")'
      : `$(compgen -W '${flag.values.join(' ')}' -- "$current")`;
    return [`    ${names}) COMPREPLY=(${reply}) && return 0 ;;`];
  });
  const own =
    words === 'containers'
      ? `[[ $current == -* ]] || words=$(${containerNames})`
      : words === 'paths'
        ? '[[ $current == -* ]] || { COMPREPLY=($(compgen -f -- "$current")) && return 0; }'
        : `words='${words.join(' ')}'`;
  return [
    `  ${name})`,
    `    flags='${[...flags.map((flag) => `--${flag.name}`), '--help'].join(' ')}'`,
    ...(values.length === 0 ? [] : ['    case $before in', ...values, '    esac']),
    `    ${own}`,
    '    ;;',
  ].join('\n');
}
