import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

type Answer = Readonly<Record<string, unknown>>;

/** Podman's own API, for what Docker's does not have. */
export function libpodOf({ socket }: { readonly socket: string }) {
  return async (method: string, path: string, body?: object): Promise<Answer> => {
    const sent = request({
      socketPath: socket,
      method,
      path: `/v4.0.0/libpod${path}`,
      headers: { 'Content-Type': 'application/json' },
    }).end(body && JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const answer = await text(response);
    if ((response.statusCode ?? 500) >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${answer}`);
    return answer === '' ? {} : (JSON.parse(answer) as Answer);
  };
}
