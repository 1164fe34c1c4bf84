// Says what becomes of the containers with a label, until nothing has for some seconds: watch-containers.ts LABEL SECONDS
// An engine that is started again meanwhile is waited for, and what it did not tell is inferred.
import { detectRuntime } from 'offshoot';

const [label = '', seconds = '10'] = process.argv.slice(2);
const runtime = await detectRuntime('auto', process.env);

// Resolves once the engine tells: nothing that happens from now on is missed.
const events = await runtime.events({ labels: { [label]: true } });
console.log('watching');
let quiet = setTimeout(() => events.close(), Number(seconds) * 1000);
for await (const { action, name, inferred } of events) {
  console.log(`${name ?? 'the engine'}: ${action}${inferred ? ' (it was not told)' : ''}`);
  clearTimeout(quiet);
  quiet = setTimeout(() => events.close(), Number(seconds) * 1000);
}
if (events.dropped > 0) console.log(`${events.dropped} events came too fast`);
await runtime.close();
