import { fileURLToPath } from 'node:url';

/** What was downloaded and unpacked; ignored by git, may be deleted at any time when no engine runs. */
export const cacheDir: string = fileURLToPath(new URL('../../.cache/engines', import.meta.url));
