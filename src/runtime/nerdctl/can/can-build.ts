import { no, type Part, yes } from './can.ts';
import type { Tools } from '../connect/tools.ts';

type Needs = Pick<Tools, 'client' | 'env'>;

export const build: Part<'build' | 'buildkit'> = async (facts) => {
  const reason = await whyNoBuild(facts, facts.signal);
  const state = reason === undefined ? yes : no(reason);
  return { build: state, buildkit: state };
};

/** What every build is given. */
export function buildkitFlags({ env }: Needs): string[] {
  return env['BUILDKIT_HOST'] ? ['--buildkit-host', env['BUILDKIT_HOST']] : [];
}

/** Before it looks at what is to be built, it looks for who builds. */
const nothing = '/nonexistent/offshoot';

/** Why nerdctl cannot build here and now; `undefined` where it can. */
export async function whyNoBuild(tools: Needs, signal: AbortSignal): Promise<string | undefined> {
  const { client } = tools;
  if (client.way.onHost) return 'nerdctl runs on the host, which does not have the files of this container';
  const args = ['build', ...buildkitFlags(tools), '--file', nothing, nothing];
  const { stderr } = await client.run(args, { signal });
  if (/buildctl\\?"?: executable file not found/.test(stderr)) return 'there is no buildctl where nerdctl runs';
  const isAway = /no buildkit host is available|failed to ping|buildkitd.* needs to be running/.test(stderr);
  return isAway ? 'no buildkitd answers where nerdctl looks for one' : undefined;
}
