import type { RunVerb } from './context.ts';
import type { Check, Finding } from './doctor/check.ts';
import { checks, perform } from './doctor/checks.ts';
import { sceneOf } from './doctor/scene.ts';
import { jsonLine, printable } from './table.ts';
import { isOn } from './values.ts';

/** Every check. Its status is that of the first problem, which a launch would end with. */
export const doctor: RunVerb = async (line, context) => {
  const scene = sceneOf({ ...context, flags: line.flags });
  try {
    const findings: (Finding & Pick<Check, 'name' | 'why'>)[] = [];
    for (const check of checks) {
      const finding = { name: check.name, why: check.why, ...(await perform(check, scene)) };
      findings.push(finding);
      if (!isOn(line, 'json')) await context.write(textOf(finding));
    }
    if (isOn(line, 'json')) await context.write(jsonLine(findings.map(forPrograms)));
    return findings.find(({ outcome }) => outcome === 'problem')?.exitStatus ?? 0;
  } finally {
    await scene.close();
  }
};

type Named = Finding & Pick<Check, 'name' | 'why'>;

function forPrograms({ name, why, outcome, says, mend }: Named): object {
  return { check: name, outcome, says, why, mend: mend ?? null };
}

function textOf({ name, why, outcome, says, mend }: Named): string {
  const [first = '', ...more] = says.split('\n');
  const isWell = outcome === 'ok' || outcome === 'skipped';
  const lines = [
    `${outcome.padEnd(8)} ${name}: ${first}`,
    ...more.map((line) => `           ${line}`),
    ...(isWell ? [] : [`         why: ${why}`]),
    ...(mend === undefined ? [] : [`         mend: ${mend}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
