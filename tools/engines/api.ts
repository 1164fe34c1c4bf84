import { request } from 'node:http';

/** What an engine's API answers to a GET, as text. */
export function get(socketPath: string, path: string, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(2000);
  return new Promise((resolve, reject) => {
    const all = signal ? AbortSignal.any([signal, limit]) : limit;
    request({ socketPath, path, signal: all }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', reject).on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`GET ${path}: ${response.statusCode} ${text}`));
      });
    })
      .on('error', reject)
      .end();
  });
}

export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly cgroup: 1 | 2;
}

export async function askFacts(socketPath: string): Promise<EngineFacts> {
  const [version, info] = await Promise.all([get(socketPath, '/version'), get(socketPath, '/info')]);
  const { Version, ApiVersion } = JSON.parse(version) as { Version: string; ApiVersion: string };
  const { CgroupVersion } = JSON.parse(info) as { CgroupVersion?: string };
  return { version: Version, apiVersion: ApiVersion, cgroup: CgroupVersion === '2' ? 2 : 1 };
}
