// The launcher as the host's own process, without a build: `node launcher-from-source.ts self`.
import { main } from '../../src/cli.ts';

await main();
