import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import { ConflictError, NotFoundError } from '../../../src/errors.ts';
import type { Behaviour } from '../subject.ts';

/** What an earlier run may have left behind is not in the way. */
function freeRange(): string {
  return `10.${randomInt(200, 250)}.${randomInt(256)}`;
}

export function networkBehaviours(behaviour: Behaviour): void {
  behaviour(
    'a network of a name and labels once, whoever asks for it, and never another’s',
    async ({ runtime, name, subject }) => {
      const { networks } = runtime;
      const range = freeRange();
      const spec = {
        name: name(),
        labels: { [subject.mark]: '', owner: 'a' },
        subnets: [{ subnet: `${range}.0/24`, gateway: `${range}.1` }],
        mtu: 1400,
      };
      const made = await Promise.all([1, 2, 3].map(() => networks.ensure(spec)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made.filter(({ created }) => created)).toHaveLength(1);
      const same = (await networks.list({ labels: { [subject.mark]: true } })).filter((one) => one.name === spec.name);
      expect(same).toHaveLength(1);
      expect(same[0]).toMatchObject({ driver: 'bridge', labels: spec.labels, subnets: [{ subnet: `${range}.0/24` }] });
      expect(Object.values(same[0]?.driverOptions ?? {})).toContain('1400');
      await expect(networks.ensure({ ...spec, labels: { owner: 'b' } })).rejects.toThrow(ConflictError);
      await expect(networks.ensure({ ...spec, driver: 'macvlan' })).rejects.toThrow(ConflictError);
      expect(await networks.ensure({ name: spec.name })).toMatchObject({ created: false });
      for (const _ of [1, 2]) await networks.remove(spec.name);
      expect(await networks.inspect(spec.name)).toBeUndefined();
    },
    'networks',
  );

  behaviour(
    'containers in networks, by other names and addresses, and out of them',
    async ({ runtime, name, started, subject }) => {
      const { networks } = runtime;
      const range = freeRange();
      const network = name();
      await networks.ensure({ name: network, labels: { [subject.mark]: '' }, subnets: [{ subnet: `${range}.0/24` }] });
      const id = await started({ command: ['sleep', '600'] });
      for (const _ of [1, 2]) await networks.connect(network, id, { aliases: ['other'], ipv4Address: `${range}.77` });
      const { stdout } = await runtime.exec.run(id, { command: ['ip', '-4', '-o', 'addr'] });
      expect(stdout).toContain(` ${range}.77/24 `);
      const { settings } = (await runtime.inspect(id)) ?? {};
      expect(settings?.networks?.[network]?.aliases).toContain('other');
      await expect(networks.remove(network)).rejects.toThrow(ConflictError);
      for (const _ of [1, 2]) await networks.disconnect(network, id);
      await networks.remove(network);
      await expect(networks.connect(name(), id, {})).rejects.toThrow(NotFoundError);
    },
    'connecting networks',
  );

  behaviour(
    'a volume of a name and labels once, and never another’s',
    async ({ runtime, name, subject, started }) => {
      const { volumes } = runtime;
      const spec = { name: name(), labels: { [subject.mark]: '', owner: 'a' } };
      expect(await volumes.ensure(spec)).toEqual({ name: spec.name, created: true });
      expect(await volumes.ensure(spec)).toEqual({ name: spec.name, created: false });
      expect(await volumes.inspect(spec.name)).toMatchObject({ driver: 'local', labels: spec.labels });
      expect((await volumes.list({ labels: { [subject.mark]: true } })).map((one) => one.name)).toEqual([spec.name]);
      await expect(volumes.ensure({ ...spec, labels: { owner: 'b' } })).rejects.toThrow(ConflictError);
      const id = await started({ command: ['sleep', '600'], binds: [`${spec.name}:/data`], networkMode: 'none' });
      await expect(volumes.remove(spec.name)).rejects.toThrow(ConflictError);
      await runtime.remove(id);
      for (const _ of [1, 2]) await volumes.remove(spec.name);
      expect(await volumes.inspect(spec.name)).toBeUndefined();
    },
    'networks',
  );
}
