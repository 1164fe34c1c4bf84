import type { Capabilities, Capability, CapabilityState } from '../../runtime.ts';
import type { Info } from '../connect/info.ts';
import type { Tools } from '../connect/tools.ts';

/** What is known before a group of calls is asked what it can do. */
export interface Facts extends Tools {
  readonly info: Info;
  readonly signal: AbortSignal;
}

/** A group's part of the table, which is whole when all are put together. They are asked together. */
export type Part<Name extends Capability> = (facts: Facts) => Promise<Pick<Capabilities, Name>>;

export const yes: CapabilityState = { supported: true };
export const no = (reason: string): CapabilityState => ({ supported: false, reason });
export const when = (supported: boolean, reason: string): CapabilityState => (supported ? yes : no(reason));
/** Supported by other means than nerdctl's own: how, and what is different. */
export const emulated = (how: string): CapabilityState => ({ supported: true, emulated: how });
