/** A setting of self that its sibling does not get. Never holds the value of a variable. */
export interface LeftOut {
  /** `env HOSTNAME`, `HostConfig.CapAdd` … */
  readonly setting: string;
  readonly reason: string;
}

/** The reason that is our own shortcoming: people are warned of it. */
export const notClonedYet = 'this version does not clone it';
