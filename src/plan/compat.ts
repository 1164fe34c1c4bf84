import type * as z from 'zod';
import { image, namespace, onHost, oneOf, wholeSeconds } from './values.ts';
import type { RequestKey, RequestValues } from './variables.ts';

/** A variable of another tool that stands for one of ours. */
interface Stand<K extends RequestKey> {
  readonly name: string;
  readonly schema: z.ZodType<RequestValues[K], string>;
  /** Where that tool has another default than we have. */
  readonly whenUnset?: string;
}

/** What is read when we stand in for another tool. */
export interface Compat {
  readonly stands: { readonly [K in RequestKey]?: Stand<K> };
  /** That tool's control variables: they do not reach the sibling. */
  readonly control: readonly string[];
}

/** waitdaemon's variables mean here what they mean there; only a bad `WAIT_SECONDS` is an error instead of ten seconds. */
export const waitdaemon: Compat = {
  stands: {
    image: { name: 'IMAGE', schema: image },
    delay: { name: 'WAIT_SECONDS', schema: wholeSeconds, whenUnset: '10' },
    runtime: { name: 'CONTAINER_RUNTIME', schema: oneOf('auto', 'docker', 'nerdctl', 'containerd') },
    // Its default counts where nothing tells our own, see runtime/nerdctl.
    namespace: { name: 'NERDCTL_NAMESPACE', schema: namespace },
    host: { name: 'NERDCTL_HOST', schema: onHost, whenUnset: 'true' },
  },
  control: ['IMAGE', 'WAIT_SECONDS', 'CONTAINER_RUNTIME', 'NERDCTL_NAMESPACE', 'NERDCTL_HOST', 'PHASE'],
};

const none: Compat = { stands: {}, control: [] };

/** By the value of `OFFSHOOT_COMPAT`; `undefined` for one that is not known. */
export function compatOf(name: string | undefined): Compat | undefined {
  if (name === undefined || name === '') return none;
  return name === 'waitdaemon' ? waitdaemon : undefined;
}
