import * as z from 'zod';
import type { Client } from '../command/client.ts';
import { refusal } from '../command/failures.ts';
import { read } from '../command/read.ts';

const info = z.object({
  /** Of snapshots. */
  Driver: z.string().default('overlayfs'),
  MemoryLimit: z.boolean().default(false),
  SwapLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  SecurityOptions: z.array(z.string()).nullish(),
});
export type Info = z.output<typeof info>;

/** What nerdctl tells of its host. @throws EngineUnavailableError, EngineRefusedError */
export async function infoOf(client: Client, signal: AbortSignal): Promise<Info> {
  const answer = await client.run(['info', '--format', 'json'], { signal });
  if (answer.exitCode !== 0) throw refusal(answer, 'tell what it can do');
  return infoIn(answer.stdout);
}

/** The answer of `nerdctl info`. */
export function infoIn(text: string): Info {
  return read('host', text, info);
}
