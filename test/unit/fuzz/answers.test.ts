import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  readContainer,
  readCreated,
  readExit,
  readImage,
  readList,
  readProcesses,
} from '../../../src/runtime/docker/create/inspect.ts';
import { containerOfPodman } from '../../../src/runtime/docker/podman/podman.ts';
import { imageOfPodman } from '../../../src/runtime/docker/podman/podman-image.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { identifyBy } from '../../../src/self/identify.ts';
import { fakeMarks, fakeSurroundings } from '../../support/fake-surroundings.ts';
import { given, givenLater, mutated, mutations, runs, seed, withCanaries } from './garbage.ts';

const folder = new URL('../../fixtures/inspects/', import.meta.url);
const kinds = readdirSync(folder).filter((name) => /^(?:docker|podman)-/.test(name));

/** What engines have answered, with secrets in it. */
const recorded = kinds.flatMap((kind) =>
  readdirSync(new URL(`${kind}/`, folder)).map((file) => ({
    isPodman: kind.startsWith('podman'),
    isImage: file === 'image.json',
    json: withCanaries(JSON.parse(readFileSync(new URL(`${kind}/${file}`, folder), 'utf8'))),
  })),
);
const containers = recorded.filter(({ isImage }) => !isImage);
const images = recorded.filter(({ isImage }) => isImage);

/** By its number, so that a failure does not show all of it. */
function one<T>(list: readonly T[]): fc.Arbitrary<() => T> {
  return fc
    .nat(list.length - 1)
    .map((at) => Object.assign(() => list[at] as T, { [fc.toStringMethod]: () => `${at}` }));
}

const strings = z.array(z.string());
const map = z.record(z.string(), z.string());
/** What everything above an adapter relies on. */
const record = z.object({
  id: z.string().min(1),
  name: z.string(),
  image: z.object({ reference: z.string(), id: z.string(), platform: z.string().optional() }),
  state: z.object({
    status: z.string(),
    running: z.boolean(),
    pid: z.number(),
    exitCode: z.number(),
    startedAt: z.string().optional(),
  }),
  settings: z.object({
    env: strings.optional(),
    command: strings.optional(),
    binds: strings.optional(),
    mounts: z.array(z.object({ type: z.string().optional(), target: z.string().optional() })).optional(),
    networks: z.record(z.string(), z.object({})).optional(),
    labels: map.optional(),
    privileged: z.boolean().optional(),
    memory: z.number().optional(),
  }),
  labels: map,
  mountPoints: z.array(z.object({ source: z.string(), destination: z.string(), readOnly: z.boolean() })),
  upperDir: z.string().optional(),
  unmodelled: strings,
});

describe(`what engines say, seed ${seed}`, { timeout: 60_000 }, () => {
  it('of containers', () => {
    fc.assert(
      fc.property(one(containers), mutations, (recording, changes) => {
        const { json, isPodman } = recording();
        const answer = mutated(json, changes);
        const read = given(() => readContainer(isPodman ? containerOfPodman(answer) : answer));
        if (read !== undefined) record.parse(read);
      }),
      runs(800),
    );
  });

  it('of images', () => {
    fc.assert(
      fc.property(one(images), mutations, mutations, (recording, changes, more) => {
        const { json, isPodman } = recording();
        const answer = mutated(json, changes);
        const health = mutated({ Test: ['CMD', 'x'], Interval: 1 }, more) as Record<string, unknown>;
        const read = given(() => readImage(isPodman ? imageOfPodman(answer, health) : answer));
        if (read === undefined) return;
        z.object({
          id: z.string().min(1),
          digests: strings,
          config: z.object({ env: strings.optional() }).optional(),
        }).parse(read);
      }),
      runs(400),
    );
  });

  it('in lists, and after a create and a wait', () => {
    const list = [
      {
        Id: 'a'.repeat(64),
        Names: ['/a'],
        Labels: { a: 'b' },
        HostConfig: { NetworkMode: 'x' },
        Mounts: [{ Destination: '/a' }],
      },
      { Id: 'b'.repeat(64), Names: null, Labels: null, Mounts: null },
    ];
    const processes = { Titles: ['PID', 'MNTNS', 'COMMAND'], Processes: [['1', '2', 'a b'], ['3']] };
    fc.assert(
      fc.property(mutations, (changes) => {
        const summaries = given(() => readList(mutated(list, changes)));
        for (const one of summaries ?? [])
          z.object({ id: z.string(), name: z.string(), labels: map, mountDestinations: strings }).parse(one);
        for (const row of given(() => readProcesses(mutated(processes, changes))) ?? [])
          expect([...row.values()].every((value) => typeof value === 'string')).toBe(true);
        const created = given(() => readCreated(mutated({ Id: 'a'.repeat(64), Warnings: ['x'] }, changes)));
        if (created !== undefined) z.object({ id: z.string(), warnings: strings }).parse(created);
        const exited = given(() => readExit(mutated({ StatusCode: 3, Error: { Message: '' } }, changes)));
        if (exited !== undefined) expect(typeof exited.exitCode).toBe('number');
      }),
      runs(500),
    );
  });

  it('never makes a container ours that is not', async () => {
    const [own, other] = ['1'.repeat(64), '2'.repeat(64)];
    // Everything points at containers of an engine that all turn out to be others.
    const surroundings = fakeSurroundings({
      mountinfo: `1 1 0:1 / / rw - overlay overlay rw,upperdir=/o/${own}/diff\n2 1 0:2 /c/${own}/hostname /etc/hostname rw - ext4 /d rw`,
      cgroup: `0::/docker/${own}`,
      hostname: own.slice(0, 12),
    });
    const processes = {
      Titles: ['PID', 'MNTNS', 'COMMAND'],
      Processes: [
        ['4000', '1', 'sh'],
        ['4001', '1', 'x'],
      ],
    };
    await fc.assert(
      fc.asyncProperty(one(containers), mutations, mutations, async (recording, changes, more) => {
        const { json, isPodman } = recording();
        const answer = mutated({ ...(json as object), Id: other }, changes);
        const runtime = {
          kind: 'docker',
          description: 'an engine',
          inspect: async () => readContainer(isPodman ? containerOfPodman(answer) : answer),
          list: async () => readList(mutated([{ Id: other, Names: ['/x'], Labels: {} }], more)),
          processes: async () =>
            readProcesses(mutated(processes, more)).map((row) => ({
              pid: Number(row.get('PID')),
              mountNamespace: row.get('MNTNS') ?? '',
              comm: row.get('COMMAND') ?? '',
            })),
          hasFile: async () => false,
        } as unknown as Runtime;
        const context = { runtime, surroundings, marks: fakeMarks(), signal: new AbortController().signal };
        const options = { hint: undefined, report: () => {} };
        const found = await givenLater(() => identifyBy(context, options));
        expect(found).toBeUndefined();
      }),
      runs(150),
    );
  });
});
