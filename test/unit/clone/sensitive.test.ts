import { describe, expect, it } from 'vitest';
import { sensitiveSource } from '../../../src/clone/sensitive.ts';

const always = [
  '/',
  '/run',
  '/usr',
  '/usr/',
  '/var',
  '/var/lib',
  '/var/run/',
  '/boot',
  '/boot/efi',
  '/proc',
  '/proc/1/root',
  '/root',
  '/root/.ssh',
  '/var/lib/docker',
  '/var/lib/docker/volumes/x/_data',
  '/var/lib/containerd',
  '/var/lib/containers/storage',
  '/var/lib/kubelet/pods',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/tmp/private/engine.sock',
  '/dev',
  '/etc',
  '/etc/',
  '/sys',
];
const whereWritten = ['/dev/sda', '/etc/shadow', '/etc/cron.d', '/sys/fs/cgroup', '/dev/bus/usb'];
const harmless = [
  '/srv',
  '/home/me/project',
  '/data',
  '/usr/share/zoneinfo',
  '/var/lib/app',
  '/var/lib/docker-app',
  '/var/log',
  '/rooted',
  '/bootstrap',
  '/proceeds',
  '/etcetera',
  '/devices',
  '/run/app',
  '/srv/sockets',
  'data',
  '',
];

describe('a path of the host', () => {
  it.each(always)('%s is told, also when it is only read', (path) => {
    const told = `${path.length > 1 ? path.replace(/\/$/, '') : path} of the host`;
    expect([sensitiveSource(path, true), sensitiveSource(path, false)]).toEqual([told, told]);
  });

  it.each(whereWritten)('%s is told where it can be written', (path) => {
    expect([sensitiveSource(path, true), sensitiveSource(path, false)]).toEqual([undefined, `${path} of the host`]);
  });

  it.each(harmless)('"%s" is not worth a word', (path) => {
    expect([sensitiveSource(path, true), sensitiveSource(path, false)]).toEqual([undefined, undefined]);
  });
});
