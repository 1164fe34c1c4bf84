import { afterAll, describe, expect, inject } from 'vitest';
import { differences } from '../support/compare-inspects.ts';
import { launchedFrom, siblingsOf } from '../support/clone-stage.ts';
import { figure } from '../support/figure.ts';
import { labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';
import { casesOn, mixtureCases, type SettingCase, stageOn } from '../support/setting-cases.ts';

/** Every setting on these; the others differ in how they keep images and control groups, and get the mixtures. */
const thorough = ['docker-20.10', 'docker-28.5', 'podman-4.3'];

/**
 * Each setting is launched on one of Docker's two, and cloned and created without a launch on the other engines, which
 * is ten times as fast; OFFSHOOT_TEST_THOROUGH=1 launches all of them everywhere.
 */
function isLaunched(kind: string, index: number): boolean {
  if (process.env['OFFSHOOT_TEST_THOROUGH'] === '1') return true;
  return thorough.indexOf(kind) === (index % 8 === 7 ? 2 : index % 2);
}

/** What Podman 4.3 does not make, so that no container of it can have it. */
const notOfPodman: Readonly<Record<string, string>> = {
  'logs of the driver local': 'it has no such log driver',
  'a network of the user, with a link': 'it has no links',
  'a link in the default network': 'it has no links',
  'a published port with a range to choose from': 'its API takes no range',
  'a seccomp profile': 'its API takes a path of its host',
  'a device': 'its API does not tell the client its operating system, without which that takes no device',
  'a device by another name, with permissions': 'as above',
  'a container for graphics': 'as above',
  'a weight of one block device': 'its OCI runtime writes a file that this kernel refuses',
};

function isMixture(setting: SettingCase): boolean {
  return mixtureCases.includes(setting);
}

const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('a sibling has what self was given, on $kind', { concurrent: true }, (engine) => {
  const cases = casesOn(engine).filter((one) => thorough.includes(engine.kind) || mixtureCases.includes(one));
  const same: string[] = [];
  const missing: string[] = [];
  afterAll(() => {
    const skipped = missing.length === 0 ? '' : `; not to be had there: ${missing.join(', ')}`;
    figure(`${engine.kind}: ${same.length} of ${cases.length - missing.length} settings are the same${skipped}`);
  });

  labTest(engine).for(cases)('$name', async (setting: SettingCase, { skip }) => {
    const reason = engine.kind.startsWith('podman') ? notOfPodman[setting.name] : undefined;
    if (reason !== undefined) {
      missing.push(`${setting.name} (${reason})`);
      skip(reason);
    }
    const stage = await stageOn(engine);
    try {
      const launched =
        setting.unstartable === undefined && (isMixture(setting) || isLaunched(engine.kind, cases.indexOf(setting)));
      const { self, sibling } = await siblingsOf(stage, setting, launched);
      expect(differences(self, sibling)).toEqual([]);
      if (launched && isMixture(setting)) {
        // The clone of the clone is the clone, and the sibling finds itself, not its parent.
        const { sibling: grandchild } = await launchedFrom(stage, sibling.Id);
        expect(differences(sibling, grandchild)).toEqual([]);
      }
      same.push(setting.name);
    } finally {
      await stage.cleanUp();
    }
  });
});

describe.each(engines)('siblings of siblings on $kind', (engine) => {
  labTest(engine)('find themselves, each of them', async ({ lab }) => {
    const third = ['offshoot', 'launch', 'self', '--', 'true'];
    const second = ['offshoot', 'launch', 'self', '--', ...third];
    const launched = await lab.launch({ env: { OFFSHOOT_IMAGE: 'self', OFFSHOOT_COMMAND: JSON.stringify(second) } });

    const parents = [launched.self];
    for (let id: string | undefined = launched.result.id; id !== undefined;) {
      expect(await lab.ended(id)).toBe(0);
      parents.push(id);
      const { stdout } = await lab.logs(id);
      if (stdout === '') break;
      const next = JSON.parse(stdout) as { id: string; name: string; self: { id: string } };
      expect(next.self.id).toBe(id);
      expect(next.name).toMatch(new RegExp(`^${launched.result.self.name}-[0-9a-f]{12}$`)); // it does not grow
      id = next.id;
    }
    expect(parents).toHaveLength(4);
    expect((await lab.descendants(launched.self)).toSorted()).toEqual(parents.slice(1).toSorted());
  });
});
