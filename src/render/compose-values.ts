import { given, type Rule } from './compose-rules.ts';
import type { Json, Members } from './members.ts';
import { note } from './rendering.ts';
import { billionths } from './words.ts';

/** An empty list takes the image's away. */
export function words(key: string): Rule {
  return (members, name) => given(key, members.texts(name));
}

export function stopTimeout(members: Members, name: string): ReturnType<Rule> {
  const seconds = members.number(name);
  return given('stop_grace_period', seconds === undefined ? undefined : `${seconds}s`);
}

export function tmpfs(members: Members, name: string): ReturnType<Rule> {
  const entries = Object.entries(members.map(name) ?? {});
  const sayable = entries.filter(([path]) => !path.includes(':'));
  return [
    ...given(
      'tmpfs',
      sayable.length === 0 ? undefined : sayable.map(([path, options]) => (options ? `${path}:${options}` : path)),
    ),
    ...(sayable.length < entries.length ? [note(members.pathOf(name), 'compose takes no path with a colon')] : []),
  ];
}

/** Without that word it would be a service. Compose forgets what comes behind the name. */
export function volumesFrom(members: Members, name: string): ReturnType<Rule> {
  const sources = members.texts(name) ?? [];
  return [
    ...given('volumes_from', sources.length === 0 ? undefined : sources.map((source) => `container:${source}`)),
    ...(sources.some((source) => source.endsWith(':ro'))
      ? [note(members.pathOf(name), 'compose lets the volumes be written')]
      : []),
  ];
}

/** 0 is what compose says for the engine's own choice. */
export function swappiness(members: Members, name: string): ReturnType<Rule> {
  const value = members.number(name);
  if (value === 0) return [note(members.pathOf(name), 'compose does not say 0')];
  return given('mem_swappiness', value);
}

export function ports(members: Members, name: string): ReturnType<Rule> {
  const bindings = members.inner(name);
  const keys = bindings.names().map((key) => ({ key, parts: /^(\d+)(?:\/(.+))?$/.exec(key) }));
  const values = keys.flatMap(({ key, parts }) => {
    if (parts === null) {
      bindings.objects(key);
      return [];
    }
    const target = Number(parts[1]);
    const protocol = parts[2] ?? 'tcp';
    const of = bindings.each(key).map((binding) => ({
      target,
      ...optional('published', binding.text('HostPort')),
      ...optional('host_ip', binding.text('HostIp')),
      protocol,
    }));
    return of.length > 0 ? of : [{ target, protocol }];
  });
  return [
    ...given('ports', values.length === 0 ? undefined : values),
    ...keys
      .filter(({ parts }) => parts === null)
      .map(({ key }) => note(bindings.pathOf(key), 'compose publishes one port at a time')),
  ];
}

function optional(key: string, value: string | undefined): Json {
  return value ? { [key]: value } : {};
}

export function device(item: Members): Json {
  return {
    source: item.text('PathOnHost'),
    target: item.text('PathInContainer'),
    ...optional('permissions', item.text('CgroupPermissions')),
  };
}

/** Compose counts with 24 bits of precision. */
export function processors(members: Members, name: string): ReturnType<Rule> {
  const count = members.number(name);
  if (!count) return [];
  const counted = Math.trunc(Math.fround(Math.fround(count / 1e9) * 1e9));
  return [
    ...given('cpus', billionths(count)),
    ...(counted === count ? [] : [note(members.pathOf(name), 'compose rounds it')]),
  ];
}

export function ulimits(members: Members, name: string): ReturnType<Rule> {
  const limits = members.each(name).map((item) => ({
    path: item.path,
    name: item.text('Name') ?? '',
    limit: { soft: item.number('Soft') ?? 0, hard: item.number('Hard') ?? 0 },
  }));
  const value = Object.fromEntries(limits.map((one) => [one.name, one.limit]));
  return [
    ...given('ulimits', limits.length === 0 ? undefined : value),
    ...limits
      .filter((one) => value[one.name] !== one.limit)
      .map(({ path }) => note(path, 'compose takes each limit once')),
  ];
}

export function logging(members: Members, name: string): ReturnType<Rule> {
  const config = members.inner(name);
  const [driver, options] = [config.text('Type'), config.map('Config') ?? {}];
  const value = { ...optional('driver', driver), ...(Object.keys(options).length > 0 && { options }) };
  return given('logging', Object.keys(value).length === 0 ? undefined : value);
}

export function restart(members: Members, name: string): ReturnType<Rule> {
  const policy = members.inner(name);
  const [kind, most] = [policy.text('Name'), policy.number('MaximumRetryCount')];
  if (kind) return given('restart', most ? `${kind}:${most}` : kind);
  return most ? [note(policy.path, 'a policy without a name')] : [];
}
