// Moved to ../bundle/package.ts, because git, oxlint and oxfmt ignore folders named "build". Delete when nobody imports it.
export { packageJson, root } from '../bundle/package.ts';
