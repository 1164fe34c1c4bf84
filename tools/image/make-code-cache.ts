// node make-code-cache.ts LAUNCHER CACHE: writes V8's code cache of a launcher, for bundle/boot.ts. Run by the Node, and
// with the flags, that the launcher will run with. Nothing of the launcher is executed: all functions are compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const [launcher = '', cache = ''] = process.argv.slice(2);
const source = readFileSync(launcher, 'latin1');
setFlagsFromString('--no-lazy');
const script = new Script(source, { filename: launcher });
// Before the cache is made, because its header has a hash of the flags.
setFlagsFromString('--lazy');
const data = script.createCachedData();
if (new Script(source, { cachedData: data }).cachedDataRejected) throw new Error('V8 rejects its own code cache');
writeFileSync(cache, data);
