import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who may come in, and how it is asked: by password at once, or with a token that the password or identity buys. */
export interface Login {
  readonly by: 'basic' | 'token';
  readonly username: string;
  readonly password: string;
  /** What `docker login` keeps in place of a password. */
  readonly identityToken?: string;
}

const ticket = 'ticket-of-the-day';

/** The gate before a registry: lets a request through, or answers it. */
export function loginOf({ by, username, password, identityToken }: Login) {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const wanted = by === 'basic' ? basic : `Bearer ${ticket}`;

  return (request: IncomingMessage, response: ServerResponse): 'let through' | 'answered' => {
    const { url = '', headers } = request;
    const realm = `http://${headers.host}/token`;
    if (by === 'token' && url.startsWith('/token')) {
      void (async () => {
        const given = new URLSearchParams(await readAll(request)).get('refresh_token');
        const welcome = headers.authorization === basic || (identityToken !== undefined && given === identityToken);
        if (!welcome) return refuse(response, 'incorrect username or password');
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ token: ticket, access_token: ticket, expires_in: 300 }));
      })();
      return 'answered';
    }
    if (headers.authorization === wanted) return 'let through';
    const challenge = by === 'basic' ? 'Basic realm="test"' : `Bearer realm="${realm}",service="test"`;
    refuse(response, 'authentication required', challenge);
    return 'answered';
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function refuse(response: ServerResponse, message: string, challenge?: string): void {
  if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
  response.writeHead(401, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message }] }));
}
