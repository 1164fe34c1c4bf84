import type Docker from 'dockerode';
import { imageOf } from './connect.ts';
import { madeBase, makeBase } from './made-base.ts';
import { followMessages } from './messages.ts';

const usual = 'debian:bookworm-slim';
const pullTimeoutMs = 20_000;

/** The image that offshoot:dev is built on: the usual one where it can be had, else one made of this machine's files. */
export async function chooseBase(docker: Docker, pull: boolean, report: (line: string) => void): Promise<string> {
  if ((await imageOf(docker, usual)) !== undefined) return usual;
  // Once made, it is used again: a registry that cannot be reached costs seconds to find out.
  if (pull && (await imageOf(docker, madeBase)) === undefined) {
    try {
      await pullUsual(docker);
      report(`base: ${usual}`);
      return usual;
    } catch (error) {
      report(`${usual} cannot be pulled (${(error as Error).message.trim()})`);
    }
  }
  return await makeBase(docker, report);
}

async function pullUsual(docker: Docker): Promise<void> {
  const abortSignal = AbortSignal.timeout(pullTimeoutMs);
  try {
    await followMessages(await docker.pull(usual, { abortSignal }), () => {});
  } catch (error) {
    throw abortSignal.aborted ? new Error(`not within ${pullTimeoutMs / 1000} s`, { cause: error }) : error;
  }
  // The engine may end its answer in the middle without saying that it failed.
  if ((await imageOf(docker, usual)) === undefined) throw new Error('the pull broke off');
}
