import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import { ConflictError, NotFoundError } from '../../../src/errors.ts';
import { failureOf } from '../../support/runtime.ts';
import type { Behaviour } from '../subject.ts';

export function cniBehaviours(behaviour: Behaviour): void {
  behaviour(
    'a container to a network, and from it',
    async ({ runtime, subject, started, name }) => {
      const { cni } = runtime;
      const [network, range] = [name(), `10.${randomInt(200, 250)}.${randomInt(256)}`];
      await subject.cli('network', 'create', '--subnet', `${range}.0/24`, network);
      const id = await started({ command: ['sleep', '600'], networkMode: 'none' });
      const inside = async (): Promise<string> => subject.cli('exec', id, 'ip', '-4', '-o', 'addr');

      const attached = await cni.attach(id, network);
      expect(attached.addresses).toEqual([expect.stringMatching(`^${range.replaceAll('.', '\\.')}\\.\\d+/24$`)]);
      expect(await inside()).toContain(` ${attached.interface}    inet ${attached.addresses[0]} `);
      expect(await cni.attach(id, network)).toEqual(attached);
      for (const _ of [1, 2]) await cni.detach(id, network);
      expect(await inside()).not.toContain(`${range}.`);
      // The address was given back: there is room for as many as before.
      const again = await cni.attach(id, network);
      expect(again.interface).toBe(attached.interface);

      expect(await failureOf(cni.attach(id, name()))).toMatchObject({ kind: 'network' });
      expect(await failureOf(cni.attach(name(), network))).toBeInstanceOf(NotFoundError);
      await runtime.kill(id, 'SIGKILL');
      await runtime.wait(id);
      expect(await failureOf(cni.attach(id, network))).toBeInstanceOf(ConflictError);
      await cni.detach(id, network);
      await subject.cli('network', 'rm', network);
    },
    'cni',
  );
}
