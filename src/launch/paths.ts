/** Where an image has offshoot; the Dockerfile and entrypoint.sh say the same. */
const home = '/opt/offshoot';

/** A shell of our own with a `sleep` beside it: static, and small in memory. */
export const toolsFolder: string = `${home}/bin`;
/** The entrypoint of images with a shell. */
export const entrypointPath: string = `${home}/entrypoint.sh`;
/** The launcher: entrypoint of images without one. */
export const launcherPath: string = `${home}/offshoot`;
/** The words by which the entrypoint or the command of a container can begin with the launcher. */
export const launcherPaths: readonly string[] = [
  entrypointPath,
  launcherPath,
  `${toolsFolder}/sh`, // before the entrypoint, in an image without a shell
  '/usr/local/bin/offshoot',
  '/waitdaemon',
];
