// Builds dist/: the launcher (offshoot.js, launcher.cjs), the library (index.js and its chunks) and its types.
import { rm } from 'node:fs/promises';
import { writeLauncher } from './build/launcher.ts';
import { buildLibrary } from './build/library.ts';
import { root } from './build/package.ts';
import { buildTypes } from './build/types.ts';

const dist = `${root}/dist`;
await rm(dist, { recursive: true, force: true });
const sizes = await Promise.all([writeLauncher(dist), buildLibrary(dist), buildTypes(dist)]);
for (const [name, bytes] of sizes.flat()) console.log(`dist/${name}  ${(bytes / 1024).toFixed(1)} KiB`);
