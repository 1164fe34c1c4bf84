import * as z from 'zod';
import { withoutCredentials } from '../credentials.ts';
import { InvalidRequestError } from '../errors.ts';
import { parseGlob } from '../plan/globs.ts';
import { type Inheritance, parseInheritance } from '../plan/inherit.ts';
import { nearest } from '../plan/nearest.ts';
import { type ImageRule, parseImageRule } from './image-rules.ts';
import { type MountRule, mountRule } from './mount-rules.ts';

/** What a launch may do at most. A member that is missing allows everything, but for `override`. */
export interface Policy {
  /** Where it was read, for messages. */
  readonly file: string;
  readonly images: readonly ImageRule[] | undefined;
  /** Images are named by digest or id, or are our own. */
  readonly requireDigest: boolean;
  /** What may be inherited of self at most. */
  readonly inherit: Inheritance | undefined;
  /** In the words of the policy, for messages. */
  readonly inheritText: string;
  readonly mounts: readonly MountRule[] | undefined;
  /** Missing: as `mounts` say. */
  readonly engineSocket: boolean | undefined;
  readonly runtimes: readonly string[] | undefined;
  /** Names, or modes: `bridge`, `host`, `none`, `container:…`. */
  readonly networks: readonly string[] | undefined;
  readonly publish: boolean;
  /** Globs over the names of variables that may be set, beside those that are inherited. */
  readonly env: readonly string[] | undefined;
  /** May there be one? What it makes is held to all the other rules. */
  readonly override: boolean;
}

/** A schema from a function that throws an Error with the problem. */
function parsedBy<T>(parse: (text: string) => T): z.ZodType<T> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `${withoutCredentials(JSON.stringify(text))}: ${(error as Error).message}`,
      });
      return z.NEVER;
    }
  });
}

const network = z
  .string()
  .regex(/^(?:container:)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'expected the name of a network, host, none or container:NAME');

const members = {
  images: z.array(parsedBy(parseImageRule)),
  requireDigest: z.boolean(),
  inherit: parsedBy((text) => ({ text, most: parseInheritance(text) })),
  mounts: z.array(mountRule),
  engineSocket: z.boolean(),
  runtimes: z.array(z.enum(['docker', 'podman', 'nerdctl'])),
  networks: z.array(network),
  publish: z.boolean(),
  env: z.array(parsedBy(parseGlob)),
  override: z.boolean(),
};
const schema = z.strictObject(members).partial();

/**
 * What it does not understand, it refuses: a rule that is misread would allow what it forbids.
 * @throws InvalidRequestError with every mistake
 */
export function parsePolicy(text: string, file: string): Policy {
  const result = schema.safeParse(parseJson(text, file));
  if (!result.success) {
    throw new InvalidRequestError(result.error.issues.flatMap((issue) => mistakesOf(issue, file)));
  }
  const { inherit, env, ...rules } = result.data;
  return {
    file,
    images: rules.images,
    requireDigest: rules.requireDigest ?? false,
    inherit: inherit?.most,
    inheritText: inherit?.text ?? '',
    mounts: rules.mounts,
    engineSocket: rules.engineSocket,
    runtimes: rules.runtimes,
    networks: rules.networks,
    publish: rules.publish ?? true,
    env,
    override: rules.override ?? false,
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidRequestError([{ name: file, problem: 'is not valid JSON' }], { cause: error });
  }
}

function mistakesOf(issue: z.core.$ZodIssue, file: string): { name: string; problem: string }[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') {
    return [{ name: file, problem: path === '' ? `the whole: ${issue.message}` : `${path}: ${issue.message}` }];
  }
  // Only mounts have members of their own.
  const known = path === '' ? Object.keys(members) : ['path', 'volume', 'readOnly'];
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    const hint = near === undefined ? `expected ${known.join(', ')}` : `did you mean ${near}?`;
    const where = path === '' ? '' : `${path}: `;
    return { name: file, problem: `${where}${JSON.stringify(key)} is no rule of this version; ${hint}` };
  });
}
