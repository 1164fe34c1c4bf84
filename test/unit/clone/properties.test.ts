import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clone, cloneSettings } from '../../../src/clone/clone.ts';
import { powersOf } from '../../../src/clone/powers.ts';
import { launcherPaths } from '../../../src/launch/paths.ts';
import { inheritAll, parseInheritance } from '../../../src/plan/inherit.ts';
import type { ContainerRecord, ContainerSettings, ImageConfig } from '../../../src/runtime/container.ts';
import { fieldOf, fields } from '../../../src/runtime/fields.ts';
import { env, labels, settingArbitraries } from './arbitraries.ts';
import { onEngine } from './engine-model.ts';
import { losses } from './losses.ts';
import { essence } from './essence.ts';
import { isControl } from './support.ts';
import { anyAsked, anyImage, anyWorld } from './worlds.ts';

function clone(self: ContainerRecord, selfImage: ImageConfig | undefined, other = false, inherit = 'all'): Clone {
  const request = { inherit: parseInheritance(inherit), isControl, launcherPaths };
  return cloneSettings({ self, selfImage, sameImage: !other, request });
}

const [second, third] = ['b'.repeat(64), 'e'.repeat(64)];

describe('a sibling of the same image', () => {
  it('is what self is, but for what the table drops or derives', () => {
    fc.assert(
      fc.property(anyWorld, ({ self, image }) => {
        const sibling = onEngine(clone(self, image).settings, image, second);
        expect(essence(sibling, image)).toEqual(essence(self, image));
      }),
    );
  });

  it('is what self is, also where nobody knows what the image gives', () => {
    fc.assert(
      fc.property(anyWorld, ({ self, image }) => {
        const { settings } = clone(self, undefined);
        const [own, its] = [self, onEngine(settings, image, second)].map((one) => essence(one, image));
        // The volumes that the image declares cannot be told from others: they are shared.
        const { points: _, exposedPorts: __, mounts: ___, ...rest } = own ?? {};
        expect(its).toMatchObject(rest);
      }),
    );
  });

  it('has a sibling that is the same again, and leaves nothing more out', () => {
    fc.assert(
      fc.property(anyWorld, ({ self, image }) => {
        const first = clone(self, image);
        const sibling = onEngine(first.settings, image, second);
        const again = clone(sibling, image);
        const next = onEngine(again.settings, image, third);
        expect(essence(next, image)).toEqual(essence(sibling, image));
        expect(clone(next, image).settings).toEqual(again.settings);
        const told = new Set(first.leftOut.map(({ setting }) => setting));
        expect(again.leftOut.filter(({ setting }) => !told.has(setting))).toEqual([]);
      }),
    );
  });
});

describe('a sibling of another image', () => {
  it('has that image’s own wherever nobody set anything for self', () => {
    fc.assert(
      fc.property(anyImage, anyImage, (image, other) => {
        const self = onEngine({}, image, 'a'.repeat(64));
        const sibling = onEngine(clone(self, image, true).settings, other, second);
        const untouched = onEngine({}, other, third);
        const [its, own] = [sibling, untouched].map((one) => ({ ...essence(one, other), healthcheck: undefined }));
        expect(its).toEqual(own);
      }),
    );
  });

  it('has nothing of self’s image, and all that somebody set', () => {
    fc.assert(
      fc.property(anyWorld, ({ asked, image, self }) => {
        const { settings } = clone(self, image, true);
        const wanted = asked.env?.filter((entry) => !/^(?:OFFSHOOT_|HOSTNAME=)/.test(entry)) ?? [];
        expect(settings.env).toEqual(wanted.filter((entry) => !image.env?.includes(entry)));
        const labels = Object.entries(asked.labels ?? {}).filter(([name]) => name === 'team' || name === 'vendor');
        expect(settings.labels).toEqual(
          Object.fromEntries(labels.filter(([name, value]) => image.labels?.[name] !== value)),
        );
        const published = new Set(asked.publishedPorts?.map(({ containerPort }) => containerPort));
        const exposed = asked.exposedPorts?.filter(
          (port) => !image.exposedPorts?.includes(port) && !published.has(port),
        );
        expect(settings.exposedPorts ?? []).toEqual(exposed ?? []);
        for (const name of ['user', 'workingDir', 'stopSignal', 'shell'] as const)
          expect(settings[name]).toEqual(isSame(asked[name], image[name]) ? undefined : asked[name]);
      }),
    );
  });

  it('takes entrypoint and command together', () => {
    fc.assert(
      fc.property(anyWorld, anyImage, ({ image, self }, other) => {
        const sibling = onEngine(clone(self, image, true).settings, other, second).settings;
        const words = [sibling.entrypoint ?? [], sibling.command ?? []];
        const isOfImage = isSame(self.settings.entrypoint ?? [], image.entrypoint ?? []);
        const { entrypoint = [], command = [] } = self.settings;
        const ownCommand = entrypoint.length === 0 && command.length === 0 ? other.command : command;
        if (!isOfImage) expect(words).toEqual([entrypoint, ownCommand ?? []]);
        else expect(words[0]).toEqual(other.entrypoint ?? []);
      }),
    );
  });
});

describe('whatever is cloned', () => {
  const other = fc.boolean();
  const inheritance = fc.constantFrom(
    'all',
    'safe',
    'none',
    'env,mounts',
    '-network,-labels',
    'all,restart',
    '-process',
  );

  it('nothing is lost without a word', () => {
    fc.assert(
      fc.property(anyWorld, other, inheritance, ({ self, image }, isOther, inherit) => {
        expect(losses(self, image, clone(self, image, isOther, inherit))).toEqual([]);
      }),
    );
  });

  it('no value of a variable is told', () => {
    const canary = 'canary-7f3a';
    fc.assert(
      fc.property(anyAsked, anyImage, other, inheritance, (asked, image, isOther, inherit) => {
        const env = ['A', 'HOSTNAME', 'OFFSHOOT_X'].map((name) => `${name}=${canary}`);
        const self = onEngine({ ...asked, env }, { ...image, env: [`B=${canary}`] }, 'a'.repeat(64));
        expect(JSON.stringify(clone(self, { env: [`A=${canary}`] }, isOther, inherit).leftOut)).not.toContain(canary);
      }),
    );
  });

  it('safe leaves no power, and all that takes power away', () => {
    const restricting = ['capDrop', 'readonlyRootfs'] as const;
    const limits = [...fieldOf].flatMap(([name, path]) => {
      const field = fields[path];
      return field !== undefined && 'group' in field && field.group === 'limits' ? [name] : [];
    });
    fc.assert(
      fc.property(anyWorld, other, ({ self, image }, isOther) => {
        const { settings } = clone(self, image, isOther, 'safe');
        expect(powersOf(settings)).toEqual([]);
        for (const name of [...restricting, ...limits]) expect(settings[name]).toEqual(self.settings[name]);
        const has = (from: ContainerSettings) => from.securityOpt?.includes('no-new-privileges') ?? false;
        expect(has(settings)).toBe(has(self.settings));
      }),
    );
  });

  it('none gives nothing of self', () => {
    fc.assert(
      fc.property(anyWorld, other, ({ self, image }, isOther) => {
        expect(clone(self, image, isOther, 'none').settings).toEqual({ env: [], labels: {} });
      }),
    );
  });

  it('self is not changed', () => {
    fc.assert(
      fc.property(anyWorld, other, inheritance, ({ self, image }, isOther, inherit) => {
        const before = structuredClone({ self, image });
        clone(self, image, isOther, inherit);
        expect({ self, image }).toEqual(before);
      }),
    );
  });
});

describe('what is asked for', () => {
  const publish = settingArbitraries.publishedPorts;
  const mounts = fc.uniqueArray(fc.constantFrom('/a', '/b', '/c', '/new'), { minLength: 1 });
  const networks = fc.uniqueArray(fc.constantFrom('front', 'back', 'new'), { minLength: 1 });
  const asked = fc.record({ publish, mounts, networks, labels, env }).map((values) => ({
    ...values,
    mounts: values.mounts.map((target) => ({ type: 'bind', source: '/asked', target })),
    networks: values.networks.map((name) => ({ name, aliases: ['asked'] })),
  }));

  it('is what the sibling has, whatever self has, and an engine takes it', () => {
    fc.assert(
      fc.property(anyWorld, asked, fc.boolean(), fc.boolean(), ({ self, image }, wanted, sameImage, autoRemove) => {
        const restart = autoRemove ? undefined : { name: 'always' };
        const request = { ...wanted, inherit: inheritAll, isControl, launcherPaths, autoRemove, restart };
        const { settings } = cloneSettings({ self, selfImage: image, sameImage, request });
        const sibling = onEngine(settings, image, second);
        expect(settings.env).toEqual(expect.arrayContaining(wanted.env));
        expect(settings.labels).toMatchObject(wanted.labels);
        expect(settings.publishedPorts).toEqual(wanted.publish);
        expect(sibling.settings).toMatchObject(autoRemove ? { autoRemove } : { restartPolicy: restart });
        for (const { name, aliases } of wanted.networks) expect(settings.networks?.[name]).toEqual({ aliases });
        for (const { target: destination } of wanted.mounts)
          expect(sibling.mountPoints).toContainEqual({ type: 'bind', source: '/asked', destination, readOnly: false });
      }),
    );
  });
});

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
