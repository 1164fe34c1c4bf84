import { ImageUnavailableError } from '../../../errors.ts';
import type { Adapter } from '../../adapter.ts';
import { checkedRequest, createContainer } from '../create/create.ts';
import { unavailable } from '../command/failures.ts';
import { pullImage } from './pull.ts';
import type { Tools } from '../connect/tools.ts';

type ImageBasics = Pick<Adapter, 'inspectImage' | 'pull' | 'hasNetwork' | 'hasVolume' | 'createRequest' | 'create'>;

/** What the launcher needs of images, and of all else that a container is made from. */
export function imageBasics({ client, lookup, images, names, abilities, namespace }: Tools): ImageBasics {
  return {
    inspectImage: (reference, { signal }) => images.find(reference, signal),

    async pull(reference, options) {
      await orElsewhere(reference, options.signal, pullImage(client, reference, options));
      images.forget();
    },

    hasNetwork: (name, { signal }) => exists(['network', 'inspect', '--', name], /no network found/, signal),
    hasVolume: (name, { signal }) => exists(['volume', 'inspect', '--', name], /not found/, signal),

    createRequest: (spec) => checkedRequest(spec, abilities),
    create: (spec, { signal }) =>
      orElsewhere(spec.image, signal, createContainer(spec, { client, lookup, names, abilities }, signal)),
  };

  /** An image that only another namespace has is not there, and nothing else would tell why. */
  async function orElsewhere<T>(image: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ImageUnavailableError) || signal.aborted) throw error;
      const others = await images.namespacesWith(image, namespace, signal);
      if (others.length === 0) throw error;
      throw new ImageUnavailableError(error.message, {
        cause: error,
        reason: error.reason,
        hint: `The namespace ${others.join(', ')} of containerd has it, ${namespace} has not: each has images of its own.`,
      });
    }
  }

  async function exists(args: readonly string[], absent: RegExp, signal: AbortSignal): Promise<boolean | undefined> {
    const answer = await client.run(args, { signal });
    if (answer.exitCode === 0) return true;
    const gone = unavailable(answer);
    if (gone !== undefined) throw gone;
    return absent.test(answer.stderr) ? false : undefined;
  }
}
