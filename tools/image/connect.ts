import Docker from 'dockerode';

/** The engine that DOCKER_HOST names, the standard socket without it; of TLS dockerode reads the variables itself. */
export function connect(dockerHost: string | undefined): Docker {
  if (!dockerHost) return new Docker();
  const unix = /^unix:\/\/(.+)/.exec(dockerHost)?.[1];
  if (unix !== undefined) return new Docker({ socketPath: unix });
  const { hostname, port } = new URL(dockerHost.replace(/^tcp:/, 'http:'));
  return new Docker({
    host: hostname,
    port: Number(port || 2375),
    protocol: process.env['DOCKER_TLS_VERIFY'] ? 'https' : 'http',
  });
}

/** What the engine says of an image; undefined when it has no such image. */
export async function imageOf(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | undefined> {
  return await docker
    .getImage(reference)
    .inspect()
    .catch((error: Error & { statusCode?: number }) => {
      if (error.statusCode === 404) return undefined;
      throw error;
    });
}
