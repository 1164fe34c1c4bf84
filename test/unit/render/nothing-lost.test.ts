import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose } from '../../../src/render/compose.ts';
import { dockerRun } from '../../../src/render/docker-run.ts';
import type { Rendering } from '../../../src/render/rendering.ts';
import type { CreateRequest } from '../../../src/runtime/runtime.ts';
import { anyRequest } from './arbitraries.ts';

type Path = readonly (string | number)[];

/** Of all that is not empty. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (isEmpty(value)) return [];
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const own = at.length > 0 ? [at] : [];
  return [...own, ...inside.flatMap(([name, member]) => pathsIn(member, [...at, name]))];
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

function without(value: unknown, [first, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item, at) =>
      String(at) === first ? (rest.length === 0 ? [] : [without(item, rest)]) : [item],
    );
  }
  const { [first as string]: member, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...(value as object), [first as string]: without(member, rest) };
}

/** Does a note name it, or what it is in? */
function isNoted(path: Path, notes: readonly string[]): boolean {
  const names = path.map((_, at) => path.slice(0, at + 1).join('.'));
  return notes.some((note) => names.some((name) => note.startsWith(`${name}:`)));
}

function isDefault({ body }: CreateRequest): boolean {
  const { NetworkMode } = body['HostConfig'] as { NetworkMode?: string };
  return NetworkMode === 'default' || NetworkMode === 'bridge';
}

describe.each([
  ['docker run', dockerRun],
  ['compose', compose],
])('%s', (_, render: (request: CreateRequest, options: { showValues: boolean }) => Rendering) => {
  it('says every member, or that it does not', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(anyRequest, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (request, picks) => {
        const whole = render(request, { showValues: true });
        const paths = pathsIn(request.body);
        for (const path of new Set(picks.map((pick) => paths[pick % paths.length]!))) {
          // The structure, and what everything else hangs on.
          if (['Image', 'HostConfig', 'NetworkingConfig'].includes(path.join('.'))) continue;
          if (path.join('.') === 'HostConfig.NetworkMode' && isDefault(request)) continue;
          const less = render(
            { ...request, body: without(request.body, path) as CreateRequest['body'] },
            { showValues: true },
          );
          const isSaid = less.text !== whole.text || JSON.stringify(less.notes) !== JSON.stringify(whole.notes);
          if (!isSaid && !isNoted(path, whole.notes)) expect.fail(`${path.join('.')} is lost`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('says every connection, or that it does not', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { text, notes } = render(request, { showValues: true });
        for (const { network } of request.connect) {
          const less = render(
            { ...request, connect: request.connect.filter((other) => other.network !== network) },
            { showValues: true },
          );
          expect([less.text, less.notes]).not.toEqual([text, notes]);
        }
      }),
    );
  });

  it('shows no value of a variable that it is not told to show', () => {
    fc.assert(
      fc.property(anyRequest, fc.array(fc.uuid(), { minLength: 1, maxLength: 3 }), (request, values) => {
        const body = { ...request.body, Env: values.map((value, at) => `NAME_${at}=${value}`) };
        const { text, notes } = render({ ...request, body }, { showValues: false });
        for (const [at, value] of values.entries()) {
          expect(`${text}${notes.join('\n')}`).not.toContain(value);
          expect(text).toContain(`NAME_${at}`);
        }
      }),
    );
  });

  it('names no value in a note', () => {
    const secret = 'not-for-notes';
    const body = {
      Image: 'busybox',
      Env: [`A=${secret}`],
      Labels: { 'a b': secret, '': secret },
      Shell: [secret],
      HostConfig: { NewMember: secret, Tmpfs: { '/a:b': secret }, SecurityOpt: [`seccomp={"${secret}":1}`] },
    };
    const { notes } = render({ name: 'made', platform: undefined, body, connect: [] }, { showValues: true });
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.join('\n')).not.toContain(secret);
  });
});
