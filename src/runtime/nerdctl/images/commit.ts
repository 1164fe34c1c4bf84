import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { InternalError, NotFoundError } from '../../../errors.ts';
import type { CommitRequest } from '../../runtime.ts';
import { changed } from './dockerfile-changes.ts';
import { isMissing, refusal } from '../command/failures.ts';
import { load } from './image-archive.ts';
import { fullName } from '../read/repository.ts';
import { archiveOf } from './oci-archive.ts';
import { read } from '../command/read.ts';
import type { Tools } from '../connect/tools.ts';

const slowCallMs = 600_000;
const takeBackMs = 10_000;

/** As nerdctl tells it, which is as OCI has it. */
const committed = z.object({
  Image: z.object({ Target: z.object({ digest: z.string() }) }),
  Manifest: z.looseObject({ config: z.looseObject({ mediaType: z.string() }) }),
  ImageConfig: z.looseObject({ config: z.looseObject({}).nullish() }),
});

/**
 * nerdctl gives every image a name, and changes but the command and the entrypoint. So it makes one of a name that
 * nobody has; an archive of its config and manifest alone, as they are to be, is loaded; and that name goes again.
 */
export async function commit(
  tools: Tools,
  container: string,
  request: CommitRequest,
  signal: AbortSignal,
): Promise<{ id: string }> {
  const { client, images } = tools;
  const { reference, changes = [] } = request;
  changed({}, changes); // what is wrong with them is told before anything is made
  if (reference !== undefined && changes.length === 0) {
    await runCommit(tools, container, reference, request, signal);
    images.forget();
    return { id: (await inspect(tools, reference, signal)).Image.Target.digest };
  }
  const name = `offshoot.invalid/commit:${randomUUID()}`;
  // Until it has ended there is no image.
  await runCommit(tools, container, name, request, signal);
  try {
    const { Manifest, ImageConfig } = await inspect(tools, name, signal);
    const config = { ...ImageConfig, config: changed(ImageConfig.config ?? {}, changes) };
    const archive = archiveOf({ manifest: Manifest, config, name: reference && fullName(reference) });
    await load(client, archive.tar, signal);
    return { id: archive.digest };
  } finally {
    // Not by the caller's signal: what was made is taken back also when that was the reason, who does not wait for it.
    const removed = client.run(['rmi', '--force', '--', name], { signal: AbortSignal.timeout(takeBackMs) });
    if (signal.aborted) removed.catch(() => {});
    else await removed;
    images.forget();
  }
}

async function runCommit(
  { client }: Tools,
  container: string,
  reference: string,
  { comment, author, pause = true }: CommitRequest,
  signal: AbortSignal,
): Promise<void> {
  const flags = [
    ...(comment === undefined ? [] : ['--message', comment]),
    ...(author === undefined ? [] : ['--author', author]),
  ];
  for (const paused of pause ? [true, false] : [false]) {
    const args = ['commit', `--pause=${paused}`, ...flags, '--', container, reference];
    const answer = await client.run(args, { signal, timeoutMs: slowCallMs });
    if (answer.exitCode === 0) return;
    if (isMissing(answer)) throw new NotFoundError('container', container);
    // It would pause also what does not run.
    if (paused && /no running task found/.test(answer.stderr)) continue;
    throw refusal(answer, `commit ${container}`);
  }
}

async function inspect({ client }: Tools, name: string, signal: AbortSignal): Promise<z.output<typeof committed>> {
  const answer = await client.run(['image', 'inspect', '--mode=native', '--', name], { signal });
  if (answer.exitCode !== 0) throw refusal(answer, 'inspect the image that was committed');
  const [first] = read('image', answer.stdout, z.array(committed));
  if (first === undefined) throw new InternalError('nerdctl committed an image that it does not have');
  return first;
}
