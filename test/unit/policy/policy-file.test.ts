import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.ts';
import { loadPolicy, policyFile } from '../../../src/policy/load.ts';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { temporaryFolder } from '../../support/fake-engine.ts';
import { digestOf } from './policies.ts';

function problemsOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      expect(error.exitStatus).toBe(64);
      return error.mistakes.map(({ problem }) => problem);
    }
    throw error;
  }
  return [];
}

const parse = (text: string) => parsePolicy(text, '/policy.json');

describe('what a policy does not say, it allows, but for an override', () => {
  it('is empty', () => {
    expect(parse('{}')).toEqual({
      file: '/policy.json',
      images: undefined,
      requireDigest: false,
      inherit: undefined,
      inheritText: '',
      mounts: undefined,
      engineSocket: undefined,
      runtimes: undefined,
      networks: undefined,
      publish: true,
      env: undefined,
      override: false,
    });
  });

  it('has every rule', () => {
    const rules = {
      images: ['alpine:3', 'self', `ghcr.io/a/b@${digestOf('a')}`, digestOf('b'), 'registry:5000/x:*'],
      requireDigest: true,
      inherit: 'safe,-env',
      mounts: [{ path: '/srv' }, { path: '/', readOnly: true }, { volume: 'cache' }],
      engineSocket: false,
      runtimes: ['docker', 'podman', 'nerdctl'],
      networks: ['front', 'none', 'container:web'],
      publish: false,
      env: ['LOG_*', '{A,B}'],
      override: true,
    };
    expect(parse(JSON.stringify(rules))).toMatchObject({
      images: [
        { kind: 'name', repository: 'docker.io/library/alpine', tag: '3' },
        { kind: 'self' },
        { kind: 'name', repository: 'ghcr.io/a/b', digest: digestOf('a') },
        { kind: 'id', id: digestOf('b') },
        { kind: 'name', repository: 'registry:5000/x', tag: undefined, digest: undefined },
      ],
      inherit: { safe: true, command: true },
      mounts: rules.mounts,
      networks: rules.networks,
      env: rules.env,
      override: true,
    });
  });
});

describe('docs/policy.md', () => {
  const text = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);

  it('has examples that are policies', () => {
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(parse(example).images).toBeDefined();
  });

  it('has a row for every rule', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` /gm)].map(([, rule]) => rule);
    const { file: _, inheritText: __, ...rules } = parse('{}');
    expect(rows).toEqual(Object.keys(rules));
  });
});

describe('what a policy does not understand, it refuses', () => {
  it.each([
    ['', 'is not valid JSON'],
    ['{', 'is not valid JSON'],
    ['{} {}', 'is not valid JSON'],
    ['{"images": ["alpine:3",]}', 'is not valid JSON'],
    ['// all\n{}', 'is not valid JSON'],
    ['\uFEFF{}', 'is not valid JSON'],
    ['null', 'the whole: '],
    ['[]', 'the whole: '],
    ['"alpine:3"', 'the whole: '],
    ['true', 'the whole: '],
    ['{"image": ["alpine:3"]}', '"image" is no rule of this version; did you mean images?'],
    ['{"Images": ["alpine:3"]}', '"Images" is no rule of this version; did you mean images?'],
    ['{"allow": true}', '"allow" is no rule of this version; expected images, requireDigest'],
    ['{"__proto__": {"override": true}}', '"__proto__" is no rule'],
    ['{"constructor": 1}', '"constructor" is no rule'],
    ['{"images": "alpine:3"}', 'images: '],
    ['{"images": null}', 'images: '],
    ['{"images": {"alpine:3": true}}', 'images: '],
    ['{"images": [3]}', 'images.0: '],
    ['{"images": ["alpine"]}', 'images.0: "alpine": has no tag; expected alpine:TAG, alpine@sha256:…'],
    ['{"images": ["*"]}', 'images.0: "*": '],
    ['{"images": ["alpine:3*"]}', 'images.0: "alpine:3*": '],
    ['{"images": ["*/alpine:3"]}', 'images.0: '],
    ['{"images": ["alpine:3:*"]}', 'images.0: '],
    [`{"images": ["alpine@${digestOf('a')}:*"]}`, 'images.0: '],
    ['{"images": [":*"]}', 'images.0: ":*": is empty'],
    ['{"images": ["Alpine:3"]}', 'images.0: "Alpine:3": has capital letters'],
    ['{"images": ["аlpine:3"]}', 'has a letter that is not ASCII'],
    ['{"images": ["alpine@sha256:abc"]}', 'has a digest of the wrong length'],
    ['{"images": [" alpine:3"]}', 'has white space'],
    ['{"images": [""]}', 'is empty'],
    ['{"requireDigest": "yes"}', 'requireDigest: '],
    ['{"requireDigest": 1}', 'requireDigest: '],
    ['{"inherit": true}', 'inherit: '],
    ['{"inherit": ["env"]}', 'inherit: '],
    ['{"inherit": ""}', 'inherit: "": '],
    ['{"inherit": "mount"}', 'inherit: "mount": "mount" is no group (did you mean mounts?)'],
    ['{"mounts": "none"}', 'mounts: '],
    ['{"mounts": ["/srv"]}', 'mounts.0: expected {"path": "/of/the/host"}'],
    ['{"mounts": [{}]}', 'mounts.0: expected'],
    ['{"mounts": [{"path": "srv"}]}', 'mounts.0.path: expected an absolute path'],
    ['{"mounts": [{"path": "/srv/"}]}', 'mounts.0.path: expected'],
    ['{"mounts": [{"path": "/srv/../etc"}]}', 'mounts.0.path: expected'],
    ['{"mounts": [{"path": "//srv"}]}', 'mounts.0.path: expected'],
    ['{"mounts": [{"path": "/srv", "volume": "x1"}]}', 'mounts.0: expected'],
    [
      '{"mounts": [{"path": "/srv", "readonly": true}]}',
      'mounts.0: "readonly" is no rule of this version; did you mean readOnly?',
    ],
    ['{"mounts": [{"path": "/srv", "readOnly": "true"}]}', 'mounts.0: expected'],
    ['{"mounts": [{"volume": "/srv"}]}', 'mounts.0.volume: expected'],
    ['{"mounts": [null]}', 'mounts.0: expected'],
    ['{"engineSocket": "no"}', 'engineSocket: '],
    ['{"runtimes": "docker"}', 'runtimes: '],
    ['{"runtimes": ["auto"]}', 'runtimes.0: '],
    ['{"runtimes": ["Docker"]}', 'runtimes.0: '],
    ['{"networks": ["a b"]}', 'networks.0: expected the name of a network'],
    ['{"networks": ["*"]}', 'networks.0: expected'],
    ['{"networks": [""]}', 'networks.0: expected'],
    ['{"publish": 0}', 'publish: '],
    ['{"env": "A*"}', 'env: '],
    ['{"env": ["A["]}', 'env.0: "A[": '],
    ['{"env": ["!A"]}', 'env.0: "!A": '],
    ['{"override": "true"}', 'override: '],
    ['{"override": null}', 'override: '],
  ])('%s', (text, says) => {
    expect(problemsOf(() => parse(text))).toEqual([expect.stringContaining(says)]);
  });

  it('lists every mistake at once, each with the file', () => {
    const text = '{"images": ["alpine", "x:1"], "publish": 1, "bogus": 2}';
    expect(problemsOf(() => parse(text))).toHaveLength(3);
    expect(() => parse(text)).toThrow(/^\/policy\.json: .*\n\/policy\.json: .*\n\/policy\.json: /);
  });
});

describe('the file', () => {
  it('is the one that is baked into the image', () => {
    expect(policyFile).toBe('/etc/offshoot/policy.json');
  });

  it('may be missing, with its folder', async () => {
    const dir = await temporaryFolder();
    expect(loadPolicy(join(dir, 'policy.json'))).toBeUndefined();
    expect(loadPolicy(join(dir, 'none/policy.json'))).toBeUndefined();
  });

  it('is read, also through a link', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'real.json'), '{"publish": false}');
    await symlink('real.json', join(dir, 'policy.json'));
    expect(loadPolicy(join(dir, 'policy.json'))).toMatchObject({ publish: false });
  });

  it.each<[string, (file: string) => unknown, string]>([
    ['a folder', (file) => mkdir(file), 'no regular file'],
    ['a pipe that nobody writes to', (file) => execFileSync('mkfifo', [file]), 'no regular file'],
    ['a link that leads nowhere', (file) => symlink('none', file), 'ENOENT'],
    ['a link to itself', (file) => symlink('policy.json', file), 'ELOOP'],
    ['a device that never ends', (file) => symlink('/dev/zero', file), 'no regular file'],
    ['longer than a mebibyte', (file) => writeFile(file, ' '.repeat(1024 * 1024 + 1)), 'longer than'],
    ['no UTF-8', (file) => writeFile(file, Buffer.from([0x7b, 0xff, 0x7d])), 'not valid'],
    ['empty', (file) => writeFile(file, ''), 'not valid JSON'],
  ])('that is %s is an error, not no policy', async (_, make, says) => {
    const file = join(await temporaryFolder(), 'policy.json');
    await make(file);
    expect(problemsOf(() => loadPolicy(file))).toEqual([expect.stringContaining(says)]);
  });

  it('in a place that is no folder is an error', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'file'), '');
    expect(problemsOf(() => loadPolicy(join(dir, 'file/policy.json')))).toEqual([expect.stringContaining('ENOTDIR')]);
  });
});
