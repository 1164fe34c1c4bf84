// Builds dist/: the launcher (offshoot.js, launcher.cjs), the library (index.js and its chunks) and its types.
import { rm } from 'node:fs/promises';
import { writeLauncher } from './bundle/launcher.ts';
import { buildLibrary } from './bundle/library.ts';
import { root } from './bundle/package.ts';
import { buildTypes } from './bundle/types.ts';

const dist = `${root}/dist`;
await rm(dist, { recursive: true, force: true });
const sizes = await Promise.all([writeLauncher(dist), buildLibrary(dist), buildTypes(dist)]);
for (const [name, bytes] of sizes.flat()) console.log(`dist/${name}  ${(bytes / 1024).toFixed(1)} KiB`);
