import type { Context } from './context.ts';
import type { LeftOut, Part } from './left-out.ts';

/** Labels by which somebody acts on the one container that bears them. On a second one they would act on that too. */
const acting: readonly (readonly [prefix: string, reason: string])[] = [
  ['io.offshoot.', 'it is about self'],
  ['com.docker.compose.', 'Compose would take the sibling for its service'],
  ['com.docker.swarm.', 'Swarm would take the sibling for its task'],
  ['com.docker.stack.', 'Swarm would take the sibling for its stack'],
  ['PODMAN_SYSTEMD_UNIT', 'systemd would take the sibling for the container of its unit'],
  ['io.podman.compose.', 'podman-compose would take the sibling for its service'],
  ['io.kubernetes.', 'Kubernetes would take the sibling for its own'],
  ['nerdctl/', 'nerdctl keeps its books by it'],
  ['containerd.io/', 'containerd keeps its books by it'],
  ['io.balena.', "balena's supervisor would take the sibling for its service"],
  ['devcontainer.', 'an editor would take the sibling for its container'],
  ['traefik.', routed()],
  ['caddy', routed()],
  ['swag', routed()],
  ['com.github.nginx-proxy.', routed()],
  ['com.github.jrcs.letsencrypt_nginx_proxy_companion.', routed()],
  ['com.centurylinklabs.watchtower', updated()],
  ['wud.', updated()],
  ['dd.', updated()],
  ['diun.', updated()],
  ['ouroboros.', updated()],
  ['com.ouroboros.', updated()],
  ['io.containers.autoupdate', updated()],
  ['autoheal', 'a guard would restart the sibling'],
  ['ofelia.', 'a scheduler would run its jobs twice'],
  ['chadburn.', 'a scheduler would run its jobs twice'],
  ['deck-chores.', 'a scheduler would run its jobs twice'],
  ['docker-volume-backup.', 'a backup would stop the sibling'],
];

function routed(): string {
  return 'a proxy would send it requests that are for self';
}

function updated(): string {
  return 'an updater would take the sibling for its container';
}

/** Labels that somebody gave self, without those by which it is found, routed to or updated. */
export function cloneLabels({ own, selfImage, sameImage, subtracted, request }: Context): Part {
  const leftOut: LeftOut[] = [];
  const labels = Object.entries(own.labels ?? {}).filter(([name, value]) => {
    // An image's author means each container of it.
    if (sameImage && selfImage?.labels?.[name] === value) return true;
    const reason = subtracted.labels?.[name] === value ? "it is of self's image" : reasonAgainst(name, value);
    if (reason !== undefined) leftOut.push({ setting: `label ${name}`, reason });
    return reason === undefined;
  });
  return { settings: { labels: { ...Object.fromEntries(labels), ...request.labels } }, leftOut };
}

function reasonAgainst(name: string, value: string): string | undefined {
  const [, reason] = acting.find(([prefix]) => isOf(prefix, name)) ?? [];
  // `traefik.enable=false`: without it somebody would act who is told not to.
  return /^(?:false|no|off|0)$/i.test(value) ? undefined : reason;
}

/** `caddy` and `caddy_0.route` and `caddy.tls`, but not `caddyshack`. */
function isOf(prefix: string, name: string): boolean {
  if (!name.startsWith(prefix)) return false;
  const next = name.at(prefix.length);
  return /[./]$/.test(prefix) || next === undefined || !/[a-z0-9-]/i.test(next);
}
