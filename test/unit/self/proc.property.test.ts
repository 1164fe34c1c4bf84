import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { candidatesIn } from '../../../src/self/candidates.ts';
import { idOfOwnCgroup, idsInCgroup, layerIn, parseMountinfo, upperDirOf } from '../../../src/self/proc.ts';
import { fakeSurroundings } from '../../support/fake-surroundings.ts';

const id = fc.stringMatching(/^[0-9a-f]{64}$/);
const path = fc
  .array(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`.replaceAll('\0', ''));
/** As the kernel writes it. */
const escaped = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);

it('reads every place back that the kernel can write', () => {
  fc.assert(
    fc.property(path, path, (root, target) => {
      const line = `36 35 98:0 ${escaped(root)} ${escaped(target)} rw shared:1 - ext4 /dev/sda rw\n`;
      expect(parseMountinfo(line)).toEqual([{ root, target, fileSystem: 'ext4', superOptions: 'rw' }]);
    }),
  );
});

it('finds the writable layer wherever the engine keeps it', () => {
  fc.assert(
    fc.property(path, id, (folder, layer) => {
      const upperDir = `${folder}/overlay2/${layer}/diff`;
      const option = escaped(upperDir).replaceAll(',', String.raw`\054`);
      const [line] = [`1 0 0:5 / / rw - overlay overlay rw,lowerdir=/l,upperdir=${option},workdir=/w\n`];
      expect(upperDirOf(parseMountinfo(line))).toBe(upperDir);
      expect(layerIn(upperDir)).toBe(layer);
    }),
  );
});

const slice = fc.constantFrom(
  'system.slice',
  'user.slice',
  'kubepods',
  'docker',
  'tinkerbell',
  'batch',
  'machine.slice',
);
const unit = fc.constantFrom(
  (name: string) => name,
  (name: string) => `docker-${name}.scope`,
  (name: string) => `nerdctl-${name}.scope`,
  (name: string) => `libpod-${name}.scope`,
  (name: string) => `cri-containerd-${name}.scope`,
  (name: string) => `crio-${name}.scope`,
  (name: string) => `kubepods-pod1.slice:cri-containerd:${name}`,
);
const around = fc.array(
  fc.oneof(
    slice,
    fc.tuple(unit, id).map(([form, outer]) => form(outer)),
  ),
  { maxLength: 4 },
);

it('finds an id innermost in any plausible path, whatever is around it', () => {
  fc.assert(
    fc.property(
      around,
      unit,
      id,
      fc.subarray(['cpu', 'memory', 'name=systemd', ''], { minLength: 1 }),
      (parts, form, own, controllers) => {
        const cgroup = `/${[...parts, form(own)].join('/')}`;
        fc.pre(!parts.some((part) => part.includes(own)));
        const text = controllers.map((name, index) => `${index}:${name}:${cgroup}\n`).join('');
        expect(idsInCgroup(text)[0]).toEqual({ id: own, innermost: true });
        expect(idOfOwnCgroup(text)).toBe(own);
      },
    ),
  );
});

it('makes something of any text: full ids or beginnings of them, and no fault', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.oneof(
          id,
          fc.constantFrom(
            '/',
            ':',
            ' ',
            '\n',
            ' - ',
            'overlay',
            'cgroup',
            '/etc/hosts',
            'id="',
            '"',
            String.raw`\0`,
            'hosts',
          ),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, text, text, (mountinfo, cgroup, containerenv, hostname) => {
      for (const { reference, evidence } of candidatesIn(
        fakeSurroundings({ mountinfo, cgroup, containerenv, hostname }),
      )) {
        expect(reference).toMatch(/^(?:[0-9a-f]{12}|[0-9a-f]{64})$/);
        expect(evidence).not.toEqual([]);
      }
    }),
  );
});
