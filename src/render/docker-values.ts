import { map, type Rule, text } from './docker-rules.ts';
import type { Members } from './members.ts';
import { type Note, note } from './rendering.ts';

const noColon = 'docker run takes no path with a colon';

export function tmpfs(members: Members, name: string): ReturnType<Rule> {
  return Object.entries(members.map(name) ?? {}).map(([path, options]) => {
    if (path.includes(':')) return note(members.pathOf(name), noColon);
    return { flag: '--tmpfs', value: options === '' ? path : `${path}:${options}` };
  });
}

/** `[HOST-IP:][HOST-PORT]:PORT[/PROTOCOL]`; a port without any binding gets a free one of the host. */
export function publish(members: Members, name: string): ReturnType<Rule> {
  const ports = members.inner(name);
  return ports.names().flatMap((key) => {
    const port = key.replace(/\/tcp$/, '');
    const bindings = ports.each(key).map((binding) => {
      const [ip, hostPort] = [binding.text('HostIp') ?? '', binding.text('HostPort') ?? ''];
      return `${ip.includes(':') ? `[${ip}]` : ip}:${hostPort}:${port}`.replace(/^:+/, '');
    });
    return (bindings.length > 0 ? bindings : [port]).map((value) => ({ flag: '--publish', value }));
  });
}

export function device(item: Members): string | Note {
  const host = item.text('PathOnHost') ?? '';
  const inside = item.text('PathInContainer') ?? '';
  const permissions = item.text('CgroupPermissions') ?? '';
  if (`${host}${inside}`.includes(':')) return note(item.path, noColon);
  return [
    host,
    ...(inside === '' || inside === host ? [] : [inside]),
    ...(permissions === '' ? [] : [permissions]),
  ].join(':');
}

export function rated(item: Members, what: string): string | Note {
  const path = item.text('Path') ?? '';
  const value = item.number(what) ?? 0;
  return path.startsWith('/dev/') ? `${path}:${value}` : note(item.path, 'docker run takes only devices in /dev');
}

export function ulimit(item: Members): string {
  return `${item.text('Name') ?? ''}=${item.number('Soft') ?? 0}:${item.number('Hard') ?? 0}`;
}

export function logging(members: Members, name: string): ReturnType<Rule> {
  const config = members.inner(name);
  const driver = text('--log-driver')(config, 'Type');
  const options = map('--log-opt')(config, 'Config');
  const none = driver.some((said) => 'value' in said && said.value === 'none');
  return none && options.length > 0
    ? [...driver, note(config.pathOf('Config'), 'the driver none has no options')]
    : [...driver, ...options];
}

export function restart(members: Members, name: string): ReturnType<Rule> {
  const policy = members.inner(name);
  const [kind, most] = [policy.text('Name'), policy.number('MaximumRetryCount')];
  if (kind) return [{ flag: '--restart', value: most ? `${kind}:${most}` : kind }];
  return most ? [note(policy.path, 'a policy without a name')] : [];
}
