import type { Plugin } from 'esbuild';

// Three quarters of the time to load dockerode goes into parts that the launcher never calls.
const modules: Readonly<Record<string, string>> = {
  ssh2: without('ssh:// hosts'),
  'tar-fs': without('building of images'),
  '@balena/dockerignore': without('building of images'),
  zlib: without('building of images'),
  './session': without('sessions of BuildKit (gRPC)'),
  './buildkit': without('sessions of BuildKit (gRPC)'),
  // It would show credentials on stderr, and formats every request even when it shows nothing.
  debug: 'module.exports = () => () => {}',
  // The same code as in Node itself, which has it in its start-up snapshot.
  'readable-stream': `module.exports = require('node:stream')`,
  // Without a server name, Node compiles its large regular expression for IPv6 addresses to find one.
  http: `exports.request = (options, onAnswer) => require('node:http').request({ servername: '', ...options }, onAnswer)`,
  // Loads all of node:tls, which a unix socket does not need.
  https: `exports.request = (options, onAnswer) => require('node:https').request(options, onAnswer)`,
};

/** Replaces what dockerode and docker-modem require and the launcher does not use. */
export const slimDockerode: Plugin = {
  name: 'slim-dockerode',
  setup(build) {
    const importers = /\/node_modules\/(dockerode|docker-modem)\/lib\/[^/]+$/;
    build.onResolve({ filter: /./ }, ({ path, importer, namespace }) =>
      namespace === 'file' && Object.hasOwn(modules, path) && importers.test(importer)
        ? { path, namespace: 'slim-dockerode' }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'slim-dockerode' }, ({ path }) => ({ contents: modules[path] ?? '' }));
  },
};

/** May be loaded, and looked into; throws when it is called or constructed. */
function without(what: string): string {
  return `module.exports = new Proxy(
    function () { throw new Error('this build of offshoot comes without ${what}'); },
    { get: () => module.exports },
  )`;
}
