import * as z from 'zod';
import type { RuntimeEvent } from '../../runtime.ts';
import { labels, text } from '../wire/read.ts';

const event = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: labels }),
  time: z.number(),
  timeNano: z.number().nullish(),
  scope: text,
});

/** Podman's words for what Docker has others for. */
const actions: Readonly<Record<string, string>> = { died: 'die', remove: 'destroy', restarted: 'restart' };

export interface ToldEvent {
  readonly event: RuntimeEvent;
  /** Nanoseconds since 1970, as exact as a number is. */
  readonly nanoseconds: number;
}

/** @throws z.ZodError */
export function readEvent(said: unknown, isPodman: boolean): ToldEvent {
  const { Type, Action, Actor, time, timeNano } = event.parse(said);
  const nanoseconds = timeNano ?? time * 1e9;
  // `exec_start: sh -c …`, `health_status: healthy`
  const [, word = Action, detail] = /^(\w+): (.*)$/s.exec(Action) ?? [];
  return {
    nanoseconds,
    event: {
      at: new Date(Math.floor(nanoseconds / 1e6)),
      type: Type,
      action: (isPodman && Type === 'container' && actions[word]) || word,
      ...(detail !== undefined && { detail }),
      id: Actor.ID,
      name: Actor.Attributes['name'],
      attributes: Actor.Attributes,
    },
  };
}

/** As the API takes points in time. */
export function timestamp(nanoseconds: number): string {
  const seconds = Math.floor(nanoseconds / 1e9);
  return `${seconds}.${String(Math.floor(nanoseconds - seconds * 1e9)).padStart(9, '0')}`;
}
