import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, NotSupportedError } from '../../../../src/errors.ts';
import { composeContainersIn } from '../../../../src/runtime/nerdctl/compose.ts';
import { changed } from '../../../../src/runtime/nerdctl/images/dockerfile-changes.ts';
import { namesIn } from '../../../../src/runtime/nerdctl/images/image-archive.ts';
import { imagesIn } from '../../../../src/runtime/nerdctl/images/image-details.ts';
import { containersIn, pastOf } from '../../../../src/runtime/nerdctl/events/known-containers.ts';
import { networksIn } from '../../../../src/runtime/nerdctl/networks/native-network.ts';
import { archiveOf } from '../../../../src/runtime/nerdctl/images/oci-archive.ts';
import { pullTable } from '../../../../src/runtime/nerdctl/images/pull-progress.ts';
import { readEvent, wordsFor } from '../../../../src/runtime/nerdctl/events/read-event.ts';
import { fullName, repositoryOf } from '../../../../src/runtime/nerdctl/read/repository.ts';
import { volumesIn } from '../../../../src/runtime/nerdctl/networks/volumes.ts';

/** What nerdctl 2.2.2 answered. */
const digest = 'sha256:99f6d4228fc626f906fe43095a84135407f337f9f3190e3648585e0cc62cbac7';
const id = '6471c8a2453b2b0366aae9906bcf3d617ad1157b5351614bb2cf9264be5e6872';

describe('images', () => {
  const record = (name: string): unknown => ({
    Image: { Name: name, Labels: null, Target: { digest, size: 422 }, CreatedAt: '2026-11-22T12:00:36.032012146Z' },
    Manifest: { config: { mediaType: 'application/vnd.docker.container.image.v1+json' } },
    ImageConfig: {
      created: '2024-01-02T03:04:05Z',
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/bin'], Cmd: ['sh'], Labels: { a: 'b', empty: '' } },
      rootfs: { type: 'layers', diff_ids: ['sha256:b656f13d'] },
    },
    size: 2031616,
  });

  it('are one of all their names', () => {
    const answer = JSON.stringify([
      record('docker.io/foo/bar:2'),
      record('127.0.0.1:5000/x:1'),
      record(`<none>@${digest}`),
    ]);
    expect(imagesIn(answer)).toMatchObject([
      {
        id: digest,
        tags: ['docker.io/foo/bar:2', '127.0.0.1:5000/x:1'],
        digests: [`docker.io/foo/bar@${digest}`, `127.0.0.1:5000/x@${digest}`],
        createdAt: new Date('2024-01-02T03:04:05Z'),
        size: 2031616,
        platform: 'linux/amd64',
        layers: ['sha256:b656f13d'],
        config: { labels: { a: 'b', empty: '' } },
      },
    ]);
  });

  it.each([
    ['alpine', 'docker.io/library/alpine', 'docker.io/library/alpine:latest'],
    ['a/b:1', 'docker.io/a/b', 'docker.io/a/b:1'],
    ['localhost:5000/a', 'localhost:5000/a', 'localhost:5000/a:latest'],
    ['index.docker.io/a/b:2', 'docker.io/a/b', 'docker.io/a/b:2'],
  ])('%s has a full name', (reference, repository, name) => {
    expect([repositoryOf(reference), fullName(reference)]).toEqual([repository, name]);
  });

  it('are loaded by their names, or their digest', () => {
    const said = `unpacking docker.io/com/mit:1 (${digest})...\nLoaded image: com/mit:1\nunpacking overlayfs@${digest} (${digest})...\n`;
    expect(namesIn(said)).toEqual(['docker.io/com/mit:1', digest]);
    expect(() => namesIn('')).toThrow(/nothing/);
  });

  it('are changed by the instructions of a Dockerfile', () => {
    const changes = ['LABEL x=y "sp ace"="d e"', 'cmd ["a","b"]', 'ENV A=2 B="2 3"', 'EXPOSE 80 53/udp', 'VOLUME /d'];
    expect(changed({ Env: ['A=1', 'C=3'], Labels: { a: 'b' } }, [...changes, 'ENTRYPOINT go now', 'USER 1'])).toEqual({
      Env: ['C=3', 'A=2', 'B=2 3'],
      Labels: { a: 'b', x: 'y', 'sp ace': 'd e' },
      Cmd: ['a', 'b'],
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      Volumes: { '/d': {} },
      Entrypoint: ['/bin/sh', '-c', 'go now'],
      User: '1',
    });
    expect(changed({ Cmd: ['of the old one'] }, ['ENTRYPOINT ["x"]']).Cmd).toEqual([]);
    expect(() => changed({}, ['HEALTHCHECK NONE'])).toThrow(NotSupportedError);
    for (const bad of ['LABEL', 'LABEL a="b', '']) expect(() => changed({}, [bad]), bad).toThrow(InvalidArgumentError);
  });

  it('are an archive of their config and manifest, by the digest of the latter', async () => {
    const manifest = { schemaVersion: 2, mediaType: 'm', config: { mediaType: 'c' }, layers: [{ digest: 'sha256:l' }] };
    const one = archiveOf({ manifest, config: { os: 'linux' }, name: 'docker.io/x:1' });
    const parts: Uint8Array[] = [];
    for await (const part of one.tar) parts.push(part);
    const text = Buffer.concat(parts).toString();
    expect(text).toContain('"io.containerd.image.name":"docker.io/x:1"');
    expect(text).toContain(`blobs/${one.digest.replace(':', '/')}`);
    expect(text).toContain('"layers":[{"digest":"sha256:l"}]');
    expect(archiveOf({ manifest, config: { os: 'other' }, name: undefined }).digest).not.toBe(one.digest);
  });

  it('are pulled layer by layer, each news once', () => {
    const table = pullTable();
    const bar = '|\u001B[32m++\u001B[0m--|';
    const lines = [
      `127.0.0.1:5000/team/app:1:            resolved       ${bar} `,
      `manifest-sha256:613618056468098f:     done           ${bar} `,
      `layer-sha256:eec146a8e88500f634003b2: waiting        ${bar} `,
      `layer-sha256:eec146a8e88500f634003b2: downloading    ${bar}  1.5 MiB/2.9 MiB `,
      `layer-sha256:eec146a8e88500f634003b2: downloading    ${bar}  1.5 MiB/2.9 MiB `,
      `layer-sha256:eec146a8e88500f634003b2: done           ${bar} `,
      `layer-sha256:07d1c0400554df6c92f6c59: exists         ${bar} `,
      'elapsed: 0.1 s                       total:  2.9 Mi (27.9 MiB/s)      ',
    ];
    expect(lines.flatMap((line) => table.read(line) ?? [])).toEqual([
      { status: 'resolved' },
      { status: 'manifest done' },
      { layer: 'eec146a8e885', status: 'waiting', phase: 'waiting' },
      { layer: 'eec146a8e885', status: 'downloading', phase: 'downloading', current: 1_572_864, total: 3_040_870 },
      { layer: 'eec146a8e885', status: 'done', phase: 'downloaded' },
      { layer: '07d1c0400554', status: 'exists', phase: 'present' },
    ]);
    expect(table.finish()).toEqual([{ layer: 'eec146a8e885', status: 'complete', phase: 'complete' }]);
  });
});

describe('networks and volumes', () => {
  const network = {
    CNI: {
      cniVersion: '1.0.0',
      name: 'net1',
      plugins: [
        {
          type: 'bridge',
          isGateway: true,
          ipMasq: true,
          mtu: 1400,
          ipam: { ranges: [[{ gateway: '10.77.1.1', subnet: '10.77.1.0/24' }]], type: 'host-local' },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    },
    NerdctlID: id,
    NerdctlLabels: { a: 'b', empty: '', 'offshoot.maker': 'somebody' },
    Containers: null,
  };

  it('are read from the files of CNI', () => {
    expect(networksIn(JSON.stringify([network]))).toEqual([
      {
        record: {
          id,
          name: 'net1',
          driver: 'bridge',
          driverOptions: { mtu: '1400' },
          labels: { a: 'b', empty: '' },
          subnets: [{ subnet: '10.77.1.0/24', gateway: '10.77.1.1' }],
          internal: false,
          containers: [],
        },
        maker: 'somebody',
      },
    ]);
  });

  it('are internal without a gateway, and others’ without an id', () => {
    const CNI = { name: 'podman', plugins: [{ type: 'bridge', ipMasq: false }] };
    const [found] = networksIn(JSON.stringify([{ ...network, CNI, NerdctlID: null, NerdctlLabels: null }]));
    expect(found?.record).toMatchObject({ id: 'podman', internal: true, labels: {}, driverOptions: {} });
  });

  it('keep labels without a value', () => {
    const answer = JSON.stringify([{ Name: 'v1', Mountpoint: '/var/v1/_data', Labels: { x: '', y: 'z' } }]);
    expect(volumesIn(answer)).toEqual([
      { name: 'v1', driver: 'local', labels: { x: '', y: 'z' }, driverOptions: {}, mountpoint: '/var/v1/_data' },
    ]);
  });
});

describe('events', () => {
  const told = (topic: string, event: object): unknown => ({
    Timestamp: '2026-11-22T11:49:42.389984609Z',
    ID: '',
    Namespace: 'tinkerbell',
    Topic: topic,
    Status: 'unknown',
    Event: JSON.stringify(event),
  });
  const exec = 'exec-3603f0b16f5c';

  it.each([
    ['/containers/create', { id, image: 'docker.io/x:1', runtime: { name: 'runc' } }, 'container create'],
    ['/containers/delete', { id }, 'container destroy'],
    ['/tasks/start', { container_id: id, pid: 309 }, 'container start'],
    ['/tasks/exit', { container_id: id, id, exit_status: 3, exited_at: { seconds: 1 } }, 'container die'],
    ['/tasks/exit', { container_id: id, id: exec, pid: 443 }, 'container exec_die'],
    ['/tasks/exec-started', { container_id: id, exec_id: exec }, 'container exec_start'],
    ['/tasks/paused', { container_id: id }, 'container pause'],
    ['/tasks/resumed', { container_id: id }, 'container unpause'],
    ['/images/delete', { name: 'docker.io/x:1' }, 'image untag'],
    ['/snapshot/prepare', { key: id, parent: 'p' }, undefined],
    ['/tasks/delete', { container_id: id, exit_status: 3 }, undefined],
    ['/containers/update', { id, labels: { a: 'b' } }, undefined],
  ])('%s has Docker’s words, or none', (topic, event, words) => {
    const { type, action } = wordsFor(readEvent(told(topic, event))) ?? {};
    expect(type && `${type} ${action}`).toBe(words);
  });

  it('have what containerd tells', () => {
    const event = readEvent(told('/tasks/exit', { container_id: id, id, exit_status: 137 }));
    expect(event).toMatchObject({ id, execId: undefined, exitCode: 137, namespace: 'tinkerbell' });
    expect(event.at).toEqual(new Date('2026-11-22T11:49:42.389Z'));
    expect(() => readEvent({ Topic: '/x' })).toThrow(/event/);
  });

  it('of the past are those that containers tell of themselves', () => {
    const State = {
      Status: 'exited',
      ExitCode: 3,
      StartedAt: '2026-11-22T11:00:02Z',
      FinishedAt: '2026-11-22T11:00:03Z',
    };
    const answer = JSON.stringify([
      { Id: id, Created: '2026-11-22T11:00:01Z', State, Config: { Labels: { 'nerdctl/name': 'one', mine: 'x' } } },
    ]);
    const containers = containersIn(answer);
    expect(containers).toMatchObject([{ id, name: 'one', labels: { mine: 'x' }, status: 'exited', exitCode: 3 }]);
    const past = pastOf(containers, new Date('2026-11-22T11:00:02Z'));
    expect(past.map(({ action, inferred, attributes }) => [action, inferred, attributes['exitCode']])).toEqual([
      ['start', true, undefined],
      ['die', true, '3'],
    ]);
  });
});

it('containers of a project are those that Compose tells', () => {
  const row = { ID: id, Name: 'p-web-1', Image: 'x', Project: 'p', Service: 'web', State: 'running', ExitCode: 0 };
  expect(composeContainersIn(JSON.stringify([row]))).toEqual([
    { id, name: 'p-web-1', service: 'web', state: 'running', exitCode: 0 },
  ]);
  expect(composeContainersIn('')).toEqual([]);
});
