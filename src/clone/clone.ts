import type { Inheritance } from '../plan/variables.ts';
import type { ContainerRecord, ContainerSettings, ImageRecord } from '../runtime/container.ts';
import { cloneCommand } from './command.ts';
import { cloneEnv, type IsControl, mergeEnv } from './env.ts';
import { type LeftOut, notClonedYet } from './left-out.ts';

/** What is asked for beside self: the part of a plan that a clone needs. */
export interface CloneRequest {
  readonly inherit: Inheritance;
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  /** `NAME=value`, added to what is inherited. */
  readonly env: readonly string[];
  readonly isControl: IsControl;
  /** The paths by which somebody can name the launcher as first word of a command. */
  readonly launcherPaths: readonly string[];
}

export interface CloneInput {
  readonly self: ContainerRecord;
  /** What self's image gives; `undefined` where the engine does not tell: then nothing can be subtracted. */
  readonly selfImage: ImageRecord['config'];
  /** Is the sibling of the image that self is of? */
  readonly sameImage: boolean;
  readonly request: CloneRequest;
}

export interface Clone {
  readonly settings: Partial<ContainerSettings>;
  readonly leftOut: readonly LeftOut[];
}

/** What a sibling gets of self: pure, from what the engine says of self, as that was asked for when self was made. */
export function cloneSettings({ self, selfImage, sameImage, request }: CloneInput): Clone {
  const asked = { entrypoint: request.entrypoint, command: request.command };
  if (request.inherit === 'none') return { settings: { ...asked, env: mergeEnv(request.env) }, leftOut: [] };

  const { settings: own, unmodelled } = self;
  const subtracted = sameImage ? undefined : selfImage;
  const { env, leftOut } = cloneEnv({ own: own.env, ofOwnImage: subtracted?.env, isControl: request.isControl });
  return {
    settings: {
      ...own,
      env: mergeEnv(env, request.env),
      user: ownUnless(own.user, subtracted?.user),
      workingDir: ownUnless(own.workingDir, subtracted?.workingDir),
      ...cloneCommand({ own, ofOwnImage: selfImage, sameImage, asked, launcherPaths: request.launcherPaths }),
    },
    leftOut: [...leftOut, ...unmodelled.map((setting) => ({ setting, reason: notClonedYet }))],
  };
}

/** A value that equals the image's is the image's: another image has its own. */
function ownUnless(own: string | undefined, ofImage: string | undefined): string | undefined {
  return own === ofImage ? undefined : own;
}

/** What a sibling could harm its host with; people should know that they pass it on. */
export function powersOf({
  privileged,
  pidMode,
  networkMode,
  usernsMode,
  binds = [],
  mounts = [],
}: Partial<ContainerSettings>): string[] {
  const sources = [...binds.map((bind) => bind.split(':', 1)[0] ?? ''), ...mounts.map(({ source }) => source ?? '')];
  return [
    ...(privileged ? ['privileged'] : []),
    ...Object.entries({ pid: pidMode, network: networkMode, user: usernsMode }).flatMap(([namespace, mode]) =>
      mode === 'host' ? [`the host's ${namespace} namespace`] : [],
    ),
    ...new Set(
      sources.flatMap((source) => (source === '/' || source.endsWith('.sock') ? [`${source} of the host`] : [])),
    ),
  ];
}
