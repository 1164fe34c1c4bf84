import { randomUUID } from 'node:crypto';
import { ConflictError, EngineRefusedError, InvalidArgumentError, NotSupportedError } from '../../../errors.ts';
import { pause } from '../../../timing.ts';
import type { Adapter } from '../../adapter.ts';
import { notSupported } from '../../complete.ts';
import { bears } from '../../labels.ts';
import { checkOwner } from '../../owner.ts';
import type { NetworkRecord, NetworkSpec } from '../../runtime.ts';
import { noConnect } from '../can/can-networks.ts';
import { type Answer, refusal, unavailable } from '../command/failures.ts';
import { logLines } from '../command/log-lines.ts';
import { type FoundNetwork, makerLabel, networksIn } from './native-network.ts';
import type { Tools } from '../connect/tools.ts';

const slowCallMs = 120_000;

export function networksOf({ client, namespace }: Pick<Tools, 'client' | 'namespace'>): Adapter['networks'] {
  async function inspectAll(names: readonly string[], signal: AbortSignal): Promise<FoundNetwork[]> {
    if (names.length === 0) return [];
    const answer = await client.run(['network', 'inspect', '--mode=native', '--', ...names], { signal });
    if (answer.stdout.trim().startsWith('[')) return networksIn(answer.stdout);
    if (isGone(answer)) return [];
    throw refusal(answer, 'inspect the network');
  }

  async function inspect(name: string, signal: AbortSignal): Promise<FoundNetwork | undefined> {
    // It takes the beginning of an id as well.
    return (await inspectAll([name], signal)).find(
      ({ record }) => record.name === name || (name.length >= 12 && record.id.startsWith(name)),
    );
  }

  async function called(name: string, signal: AbortSignal): Promise<FoundNetwork | undefined> {
    return (await inspectAll([name], signal)).find(({ record }) => record.name === name);
  }

  /** Resolves when there is one of that name, whoever has made it. */
  async function create(spec: NetworkSpec, maker: string, signal: AbortSignal): Promise<void> {
    const answer = await client.run(createFlags(spec, maker), { signal, timeoutMs: slowCallMs });
    if (answer.exitCode === 0) return;
    if (!/already exists|overlaps/.test(answer.stderr)) throw refusal(answer, `create the network ${spec.name}`);
    // By somebody at the same moment, who has its addresses before it can be seen.
    for (let left = 20; left > 0; left -= 1) {
      if ((await called(spec.name, signal)) !== undefined) return;
      await pause(50, signal);
    }
    throw refusal(answer, `create the network ${spec.name}`);
  }

  return {
    async inspect(name, { signal }) {
      return (await inspect(name, signal))?.record;
    },

    async list({ labels, signal }) {
      const answer = await client.run(['network', 'ls', '--format', '{{json .Name}}'], { signal });
      if (answer.exitCode !== 0) throw refusal(answer, 'list its networks');
      const names = answer.stdout.split('\n').flatMap((line) => (line === '' ? [] : [String(JSON.parse(line))]));
      const all = await inspectAll(
        names.filter((name) => name !== 'host' && name !== 'none'),
        signal,
      );
      return all.map(({ record }) => record).filter((one) => bears(one.labels, labels));
    },

    async ensure(spec, { signal }) {
      const check = (found: NetworkRecord | undefined): NetworkRecord | undefined =>
        checkOwner('network', found, spec, `nerdctl --namespace ${namespace}`);
      const before = check((await called(spec.name, signal))?.record);
      if (before !== undefined) return { id: before.id, created: false };
      const maker = randomUUID();
      await create(spec, maker, signal);
      const found = await called(spec.name, signal);
      if (found === undefined) throw new EngineRefusedError(`the network ${spec.name} was removed while it was made`);
      check(found.record);
      return { id: found.record.id, created: found.maker === maker };
    },

    async remove(name, { signal }) {
      const found = await inspect(name, signal);
      if (found === undefined) return;
      const answer = await client.run(['network', 'rm', '--', found.record.name], { signal, timeoutMs: slowCallMs });
      if (answer.exitCode === 0 || isGone(answer)) return;
      if (/is in use by container/.test(answer.stderr))
        throw new ConflictError(`containers are in the network ${name}`, { cause: refusal(answer, 'remove it') });
      const words = errorsIn(answer)[0];
      throw unavailable(answer) ?? new EngineRefusedError(`nerdctl refused to remove the network ${name}: ${words}`);
    },

    connect: async () => Promise.reject(notSupported('nerdctl', 'networks.connect', 'networkConnect', noConnect)),
    disconnect: async () => Promise.reject(notSupported('nerdctl', 'networks.disconnect', 'networkConnect', noConnect)),
  };
}

/** Its last word is about none of them in particular. */
function errorsIn({ stderr }: Answer): string[] {
  return logLines(stderr).flatMap(({ level, message }) => (level === 'error' || level === 'fatal' ? [message] : []));
}

function isGone(answer: Answer): boolean {
  const [first = ''] = errorsIn(answer);
  return answer.exitCode !== 0 && first.startsWith('no network found matching');
}

/** Those of containers can be given at once: `attachable` is always so. */
function createFlags(spec: NetworkSpec, maker: string): string[] {
  const { name, labels = {}, driver = 'bridge', driverOptions = {}, mtu, subnets = [], internal } = spec;
  const six = subnets.some(({ subnet }) => subnet.includes(':'));
  if (six && spec.ipv6 === false)
    throw new InvalidArgumentError('spec.ipv6', 'false, and there is a subnet of IPv6: nerdctl would leave that out');
  const [first, ...others] = subnets;
  if (others.length > 0 && subnets.some(({ gateway, ipRange }) => (gateway ?? ipRange) !== undefined))
    throw new NotSupportedError('nerdctl has one gateway and one range for all subnets of a network', {
      hint: 'Leave them out, or make a network of one subnet.',
    });
  const options = { ...driverOptions, ...(mtu !== undefined && { mtu: String(mtu) }) };
  const values: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--driver', driver],
    ...Object.entries(options).map(([key, value]) => ['--opt', `${key}=${value}`] as const),
    ...subnets.map(({ subnet }) => ['--subnet', subnet] as const),
    ['--gateway', first?.gateway],
    ['--ip-range', first?.ipRange],
    ...Object.entries({ ...labels, [makerLabel]: maker }).map(
      ([key, value]) => ['--label', `${key}=${value}`] as const,
    ),
  ];
  return [
    ...['network', 'create'],
    ...values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(spec.ipv6 === true || six ? ['--ipv6'] : []),
    ...(internal === true ? ['--internal'] : []),
    ...['--', name],
  ];
}
