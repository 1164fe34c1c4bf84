export { ensurePackages } from './apt.ts';
export { startEngine } from './engine.ts';
export { dockerRegistry } from './registry.ts';
export { installEngine } from './install.ts';
export { type DockerKind, dockerKinds, type EngineKind, engineKinds, isEngineKind } from './kinds.ts';
export { addPlugins, buildxPlugin, composePlugin } from './plugins.ts';
export { sweepEngines } from './sweep.ts';
export type { Engine, EngineOptions, EnginePaths, InstallOptions } from './types.ts';
