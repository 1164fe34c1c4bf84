import type { LeftOut } from '../clone/left-out.ts';

/** What a launch has done: the one JSON value on stdout. */
export interface LaunchResult {
  /** Of the sibling. */
  readonly id: string;
  readonly name: string;
  /** As the engine was asked for it: reference, digest or id. */
  readonly image: string;
  readonly imageId: string;
  /** `name@sha256:…`; null for an image that no registry knows. */
  readonly digest: string | null;
  readonly key: string;
  readonly self: { readonly id: string; readonly name: string };
  /**
   * When it was or will be started, RFC 3339, at the earliest where there are conditions; null when another launch of
   * the key has started it.
   */
  readonly startsAt: string | null;
  /** The conditions that a waiter watches. */
  readonly when: readonly string[];
  /** As what the sibling has been seen, of OFFSHOOT_READY; null where a waiter is to see to it. */
  readonly ready: string | null;
  /** The container that starts it later. */
  readonly waiter: { readonly id: string; readonly name: string } | null;
  /** Another launch of the same key has created it. */
  readonly existing: boolean;
  readonly leftOut: readonly LeftOut[];
}
