import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { AskingLine } from '../../../src/plan/argv.ts';
import { flagsOf } from '../../../src/plan/flags.ts';
import { type RequestKey, variables } from '../../../src/plan/variables.ts';
import { verbNames, verbs } from '../../../src/plan/verbs.ts';
import { bash } from '../../../src/verbs/completion/bash.ts';
import { fish } from '../../../src/verbs/completion/fish.ts';
import { choices } from '../../../src/verbs/completion/tables.ts';
import { zsh } from '../../../src/verbs/completion/zsh.ts';
import { completion } from '../../../src/verbs/completion.ts';
import type { VerbContext } from '../../../src/verbs/context.ts';

/** What bash offers for the last of these words; `offshoot` itself answers with two containers. */
function offered(...words: string[]): string[] {
  const script = `${bash()}
offshoot() { [[ "$*" == 'ps --all --json' ]] && echo '[{"id":"1","name":"web","x":"name"},{"id":"2","name":"we-2","x":1}]'; }
COMP_WORDS=(offshoot "$@") COMP_CWORD=$#
_offshoot
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('bash', () => {
  it.each([[['']], [['--']]])('offers what there is for %j', ([word]) => {
    const all = [...verbNames, '--help', '--version'];
    expect(offered(word ?? '')).toEqual(all.filter((one) => one.startsWith(word ?? '')));
  });

  it.each(verbNames)('offers all flags of %s, and no others', (verb) => {
    expect(offered(verb, '--')).toEqual([...[...flagsOf(verb).keys()].map((flag) => `--${flag}`), '--help']);
  });

  it.each([
    [
      ['logs', ''],
      ['web', 'we-2'],
    ],
    [['stop', 'web', 'we-'], ['we-2']],
    [['completion', 'z'], ['zsh']],
    [
      ['plan', 'x', '--as', ''],
      ['docker-run', 'compose', 'json'],
    ],
    [['ps', '--runtime', 'd'], ['docker']],
    [
      ['ps', '--runtime', '='],
      ['auto', 'docker', 'podman', 'nerdctl', 'containerd'],
    ],
    [['ps', '--runtime', '=', 'p'], ['podman']],
    [['launch', 'x', '--name', 'w'], []],
    [['launch', 'x', '--', '--de'], []],
    [['/bin/app', ''], []],
  ])('offers for %j: %j', (words, replies) => {
    expect(offered(...words)).toEqual(replies);
  });
});

it.each(Object.entries(choices) as [RequestKey, readonly string[]][])(
  'what is offered for %s is taken',
  (key, words) => {
    for (const word of words) expect(variables[key].schema.safeParse(word)).toMatchObject({ success: true });
    expect(variables[key].schema.safeParse(`${words[0]}-x`)).toMatchObject({ success: false });
  },
);

it.each(verbNames)('zsh and fish know %s and all its flags', (verb) => {
  expect(zsh()).toContain(`'${verb}:${verbs[verb].meaning.replaceAll(':', '\\:').replaceAll("'", String.raw`'\''`)}'`);
  const inZsh = zsh().split(`\n  ${verb}) _arguments`)[1]?.split(' ;;')[0] ?? '';
  const inFish = fish()
    .split('\n')
    .filter((line) => line.includes(`__fish_seen_subcommand_from ${verb}'`));
  for (const flag of flagsOf(verb).keys()) {
    expect(inZsh).toMatch(new RegExp(`'\\*?--${flag}[=[]`));
    expect(inFish.filter((line) => line.includes(` -l ${flag} `))).toHaveLength(1);
  }
});

it.each(['bash', 'zsh', 'fish'])('%s has its script', async (shell) => {
  let text = '';
  const context = { write: async (more: string) => void (text += more) } as unknown as VerbContext;
  const line: AskingLine = { verb: 'completion', flags: {}, own: {}, words: [shell], command: undefined };
  expect(await completion(line, context)).toBe(0);
  expect(text).toMatch(new RegExp(shell));
  expect(text.length).toBeGreaterThan(1000);
});
