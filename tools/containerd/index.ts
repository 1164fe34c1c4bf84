export { startContainerdHost } from './host.ts';
export type {
  ContainerdHost,
  ContainerdHostOptions,
  ContainerdVersion,
  NerdctlOptions,
  NerdctlResult,
} from './types.ts';
