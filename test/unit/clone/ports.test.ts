import { describe, expect, it } from 'vitest';
import { peerId, siblingOf } from './support.ts';

const image = { exposedPorts: ['80/tcp'] };

describe('the ports of a sibling', () => {
  // `port is already allocated`: nicholas-fedor/watchtower#1337, #1437, #796. Self has them.
  it('are not published as self’s are', () => {
    const own = {
      publishedPorts: [{ containerPort: '80/tcp', hostPort: '8080' }, { containerPort: '81/tcp' }],
      publishAllPorts: true,
    };
    const { settings, leftOut } = siblingOf(own);
    expect(settings).toEqual({ env: [], labels: {}, entrypoint: [] });
    const reason = 'self has the ports of the host; ask for others by OFFSHOOT_PUBLISH';
    expect(leftOut).toEqual([
      { setting: 'HostConfig.PortBindings', reason },
      { setting: 'HostConfig.PublishAllPorts', reason },
    ]);
  });

  it('are published as it is asked', () => {
    const publish = [{ containerPort: '80/tcp', hostIp: '127.0.0.1', hostPort: '8081' }];
    const own = { publishedPorts: [{ containerPort: '80/tcp', hostPort: '8080' }] };
    expect(siblingOf(own, { publish }).settings.publishedPorts).toEqual(publish);
    expect(siblingOf(own, { publish, inherit: 'none' }).settings.publishedPorts).toEqual(publish);
  });

  it.each([
    ['same image: all that are exposed', false, ['80/tcp', '9000/udp']],
    ['another image: those that somebody exposed', true, ['9000/udp']],
  ])('%s, and none that only was published', (_, other, exposedPorts) => {
    const own = {
      exposedPorts: ['80/tcp', '81/tcp', '9000/udp'],
      publishedPorts: [{ containerPort: '80/tcp', hostPort: '8080' }, { containerPort: '81/tcp' }],
    };
    expect(siblingOf(own, { image, other }).settings.exposedPorts).toEqual(exposedPorts);
  });

  it('are not exposed where none is left', () => {
    expect(siblingOf({ exposedPorts: ['80/tcp'] }, { image, other: true }).settings).not.toHaveProperty('exposedPorts');
  });

  // `conflicting options: port exposing and the container type network mode`, for ports that only the image exposes.
  it('are not exposed in another container’s network', () => {
    const own = { exposedPorts: ['80/tcp'], networkMode: `container:${peerId}` };
    for (const other of [true, false])
      expect(siblingOf(own, { image, other }).settings).not.toHaveProperty('exposedPorts');
  });
});
