/** A setting of self that its sibling does not get. Never holds the value of a variable. */
export interface LeftOut {
  /** `env HOSTNAME`, `HostConfig.CapAdd` … */
  readonly setting: string;
  readonly reason: string;
}
