import { expect, it } from 'vitest';
import { clientBinds } from '../../../../src/runtime/nerdctl/coo-binds.ts';

const way = { onHost: false, enter: [], env: {}, nerdctl: '/usr/local/bin/nerdctl', address: undefined };

it('binds the client and what it needs of what is there, at its own path', () => {
  const there = ['/run/containerd', '/var/lib/containerd', '/etc/cni'];
  expect(clientBinds(way, (path) => there.includes(path))).toEqual([
    ...['/run/containerd:/run/containerd', '/var/lib/containerd:/var/lib/containerd:rshared', '/etc/cni:/etc/cni'],
    '/usr/local/bin/nerdctl:/usr/local/bin/nerdctl:ro',
  ]);
  const k3s = { ...way, address: '/run/k3s/containerd/containerd.sock' };
  expect(clientBinds(k3s, () => true)).toContain('/run/k3s/containerd:/run/k3s/containerd');
});

it('binds nothing where nerdctl is run on the host', () => {
  expect(clientBinds({ ...way, onHost: true }, () => true)).toEqual([]);
});
