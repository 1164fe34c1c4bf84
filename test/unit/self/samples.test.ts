import { describe, expect, it } from 'vitest';
import { candidatesIn } from '../../../src/self/candidates.ts';
import { dockerCgroups, dockerMounts } from '../../fixtures/self/docker.ts';
import { negatives } from '../../fixtures/self/negative.ts';
import { kubernetes, others } from '../../fixtures/self/orchestrators.ts';
import { nerdctl, podman } from '../../fixtures/self/podman-nerdctl.ts';
import { fakeSurroundings } from '../../support/fake-surroundings.ts';

describe.each([
  { of: 'docker: control groups', samples: dockerCgroups },
  { of: 'docker: mounts', samples: dockerMounts },
  { of: 'podman', samples: podman },
  { of: 'nerdctl', samples: nerdctl },
  { of: 'kubernetes', samples: kubernetes },
  { of: 'others', samples: others },
  { of: 'what is no id', samples: negatives },
])('candidates read from samples of $of', ({ samples }) => {
  it.each(samples)('$name', ({ id, refutable = [], decoys = [], ...view }) => {
    const found = candidatesIn(fakeSurroundings(view)).map(({ reference }) => reference);
    const expected = [...(id === undefined ? [] : [id]), ...refutable];
    expect(found.toSorted()).toEqual(expected.toSorted());
    for (const decoy of decoys) expect(found).not.toContain(decoy);
  });
});

it('puts the container that a control group names innermost before those around it', () => {
  for (const { id, cgroup } of dockerCgroups) {
    expect(candidatesIn(fakeSurroundings({ cgroup }))[0]?.reference).toBe(id);
  }
});

it('tells all that speaks for a candidate, and joins a short id to the long one that it begins', () => {
  const id = dockerMounts[0]?.id ?? '';
  const view = { ...dockerMounts[0], hostname: id.slice(0, 12), containerenv: `id="${id}"\n` };
  expect(candidatesIn(fakeSurroundings(view))).toEqual([
    {
      reference: id,
      evidence: ['the mount of a control group', 'the mount of /etc/hostname', '/run/.containerenv', 'the host name'],
    },
  ]);
});

it('takes a host name alone for the beginning of an id', () => {
  expect(candidatesIn(fakeSurroundings({ hostname: '0123456789ab' }))).toEqual([
    { reference: '0123456789ab', evidence: ['the host name'] },
  ]);
});
