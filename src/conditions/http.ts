import type { IncomingMessage } from 'node:http';
import type { Probe } from './probe.ts';

const mostRedirects = 10;

/** It answers with a status from 200 to 299, after redirects. */
export function httpProbe({ text, url }: { readonly text: string; readonly url: string }): Probe {
  return {
    text,
    async obstacle(signal) {
      let target = new URL(url);
      for (let left = mostRedirects; left >= 0; left -= 1) {
        const { status, location } = await headOf(target, signal);
        if (status >= 200 && status < 300) return undefined;
        if (status < 300 || status > 399 || location === undefined) return `it answers with ${status}`;
        const next = URL.parse(location, target);
        if (next === null || !/^https?:$/.test(next.protocol)) return 'it redirects to what is no URL of http';
        target = next;
      }
      return `it redirects more than ${mostRedirects} times`;
    },
  };
}

async function headOf(url: URL, signal: AbortSignal): Promise<{ status: number; location: string | undefined }> {
  const { get } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal, agent: false, headers: { 'user-agent': 'offshoot' } }, resolve).once('error', reject);
  });
  answer.on('error', () => {}); // nobody reads the body
  answer.destroy();
  return { status: answer.statusCode ?? 0, location: answer.headers.location };
}
