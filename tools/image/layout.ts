import { root } from '../bundle/package.ts';

/** Where everything lies in an image. The paths are in patched binaries: it cannot be moved. */
export const home = '/opt/offshoot';
export const loaderName = 'ld-linux-x86-64.so.2';

/** What the Dockerfile copies; it is the whole build context. Apart, because only the launcher changes often. */
export const context: string = `${root}/build`;
export const runtimeFolder: string = `${context}/runtime`;
export const launcherFolder: string = `${context}/launcher`;

/**
 * Node's start is short-lived garbage: a young generation that holds all of it saves 3 ms and no memory is lost by it.
 * The code cache is only valid with the flags it was made with.
 */
export const nodeFlags: readonly string[] = ['--min-semi-space-size=16'];
