// Starts a sibling of this container, five seconds later unless told otherwise: launch-a-sibling.ts IMAGE [DELAY]
import { launch, OffshootError, parsePlan, planLaunch } from 'offshoot';

const [image = 'self', delay = '5s'] = process.argv.slice(2);
const { env } = process;

try {
  const plan = parsePlan({
    env: { OFFSHOOT_IMAGE: image, OFFSHOOT_DELAY: delay },
    command: ['sh', '-c', 'echo I was launched by a program'],
  });
  // Everything is asked and checked as it would be, and nothing is made.
  const { explanation } = await planLaunch(plan, { env });
  for (const { setting, reason } of explanation.leftOut) console.error(`not for the sibling: ${setting} (${reason})`);

  const { result } = await launch(plan, { env, report: ({ level, message }) => console.error(`${level}: ${message}`) });
  console.log(result.name);
} catch (error) {
  if (!(error instanceof OffshootError)) throw error;
  // Stable: codes for programs, messages and hints for people, statuses for shells.
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitStatus;
}
