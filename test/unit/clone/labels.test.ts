import { describe, expect, it } from 'vitest';
import { siblingOf } from './support.ts';

/** One label by which each of them finds, routes to, updates or restarts the container that bears it. */
const acting = [
  'io.offshoot.role',
  'io.offshoot.key',
  'com.docker.compose.project',
  'com.docker.compose.project.config_files',
  'com.docker.swarm.task.id',
  'com.docker.stack.namespace',
  'io.podman.compose.project',
  'io.kubernetes.pod.name',
  'nerdctl/hostname',
  'containerd.io/restart.policy',
  'io.balena.service-name',
  'devcontainer.local_folder',
  'traefik.enable',
  'traefik.http.routers.web.rule',
  'caddy',
  'caddy_1',
  'caddy.reverse_proxy',
  'caddy_0.tls',
  'swag',
  'swag_port',
  'com.github.nginx-proxy.nginx',
  'com.github.jrcs.letsencrypt_nginx_proxy_companion.nginx_proxy',
  'com.centurylinklabs.watchtower',
  'com.centurylinklabs.watchtower.enable',
  'wud.watch',
  'dd.watch',
  'diun.enable',
  'ouroboros.enable',
  'com.ouroboros.enable',
  'io.containers.autoupdate',
  'io.containers.autoupdate.authfile',
  'autoheal',
  'autoheal.stop.timeout',
  'ofelia.enabled',
  'ofelia.job-exec.backup.schedule',
  'chadburn.enabled',
  'deck-chores.backup.command',
  'docker-volume-backup.stop-during-backup',
];

/** They only look like those. */
const telling = [
  'org.opencontainers.image.title',
  'com.example.team',
  'com.docker.composer',
  'io.offshootish.role',
  'traefikish',
  'caddyshack',
  'caddy-like',
  'swagger.title',
  'wuda.watch',
  'odd.watch',
  'autohealing',
  'com.centurylinklabs.watchtower-notes',
  'my.traefik.enable',
  '',
];

describe('the labels of a sibling', () => {
  it.each(acting)('without %s, by which somebody acts on self', (name) => {
    const { settings, leftOut } = siblingOf({ labels: { [name]: 'x', team: 'a' } });
    expect(settings.labels).toEqual({ team: 'a' });
    expect(leftOut).toEqual([{ setting: `label ${name}`, reason: expect.stringMatching(/\w+ \w+/) as unknown }]);
  });

  it.each(telling)('with "%s", which only tells something', (name) => {
    expect(siblingOf({ labels: { [name]: 'x' } }, { other: true })).toMatchObject({
      settings: { labels: { [name]: 'x' } },
      leftOut: [],
    });
  });

  const image = { labels: { vendor: 'image', changed: 'image' } };
  const own = { labels: { vendor: 'image', changed: 'mine', team: 'a' } };

  it('of the same image: as they are', () => {
    expect(siblingOf(own, { image })).toMatchObject({ settings: own, left: [] });
  });

  it('of another image: without those that self only has from its image', () => {
    const { settings, leftOut } = siblingOf(own, { image, other: true });
    expect(settings.labels).toEqual({ changed: 'mine', team: 'a' });
    expect(leftOut).toEqual([{ setting: 'label vendor', reason: "it is of self's image" }]);
  });

  it('of another image, where nobody knows what the image gives: all', () => {
    expect(siblingOf(own, { image: 'unknown', other: true }).settings).toEqual({ ...own, env: [], entrypoint: [] });
  });

  it('as they are asked for, also those that act', () => {
    const labels = { changed: 'asked', 'traefik.enable': 'true' };
    expect(
      siblingOf({ labels: { ...own.labels, 'traefik.enable': 'false' } }, { image, labels }).settings.labels,
    ).toEqual({
      ...own.labels,
      ...labels,
    });
  });

  it('only those that are asked for, where the group is not inherited', () => {
    const { settings, left } = siblingOf(own, { image, inherit: '-labels', labels: { asked: '1' } });
    expect(settings.labels).toEqual({ asked: '1' });
    expect(left).toEqual(['Config.Labels']);
  });

  it('and names of objects’ own members are labels like any other', () => {
    const labels = { constructor: 'a', toString: 'b', hasOwnProperty: 'c' };
    expect(siblingOf({ labels }, { other: true }).settings.labels).toEqual(labels);
  });
});

describe('a label that keeps somebody from acting', () => {
  it.each(['false', 'False', '0', 'no', 'off'])('is given: %s', (value) => {
    const labels = { 'traefik.enable': value, 'com.centurylinklabs.watchtower.enable': value };
    for (const other of [true, false])
      expect(siblingOf({ labels }, { other })).toMatchObject({ settings: { labels }, left: [] });
  });
});

it('a label that acts and is of the image is that of each of its containers, and of none of another image', () => {
  const image = { labels: { 'traefik.enable': 'true', 'com.docker.compose.project': 'x' } };
  expect(siblingOf(image, { image }).settings.labels).toEqual(image.labels);
  expect(siblingOf(image, { image, other: true }).settings.labels).toEqual({});
});
