import { no, type Part, yes } from './can.ts';
import type { Way } from '../command/way.ts';

export const compose: Part<'compose'> = async ({ client }) => {
  const reason = whyNoCompose(client.way);
  return { compose: reason === undefined ? yes : no(reason) };
};

/** Compose is a part of nerdctl. */
export function whyNoCompose({ onHost }: Way): string | undefined {
  return onHost ? 'nerdctl runs on the host, which does not have the files of this container' : undefined;
}
