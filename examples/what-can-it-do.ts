// The engines that are here, and what each can do: the engine is asked, not its name.
import { availableRuntimes, detectRuntime, OffshootError } from 'offshoot';

for (const { name, needs } of availableRuntimes()) {
  if (needs !== undefined) {
    console.log(`${name}: needs ${needs}`);
    continue;
  }
  try {
    const runtime = await detectRuntime(name, process.env, { signal: AbortSignal.timeout(10_000) });
    console.log(`${name}: ${runtime.description}`);
    for (const [what, answer] of Object.entries(await runtime.capabilities())) console.log(`  ${what}:`, answer);
    await runtime.close();
  } catch (error) {
    if (!(error instanceof OffshootError)) throw error;
    console.log(`${name}: ${error.message}`);
  }
}
