import { describe, expect, it } from 'vitest';
import { createRequest } from '../../../src/runtime/docker/create/create.ts';
import { mergePatch } from '../../../src/runtime/docker/create/merge-patch.ts';
import type { ContainerSpec } from '../../../src/runtime/container.ts';

describe('a merge patch', () => {
  // RFC 7396, appendix A, row by row.
  it.each<[original: string, patch: string, result: string]>([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s is %s', (original, patch, result) => {
    expect(JSON.stringify(mergePatch(JSON.parse(original), JSON.parse(patch)))).toBe(result);
  });

  // The example of its section 3.
  it('changes a document as the RFC shows', () => {
    const original = {
      title: 'Goodbye!',
      author: { givenName: 'John', familyName: 'Doe' },
      tags: ['example', 'sample'],
      content: 'This will be unchanged',
    };
    const patch = { title: 'Hello!', phoneNumber: '+01-123-456-7890', author: { familyName: null }, tags: ['example'] };
    expect(mergePatch(original, patch)).toEqual({
      title: 'Hello!',
      author: { givenName: 'John' },
      tags: ['example'],
      content: 'This will be unchanged',
      phoneNumber: '+01-123-456-7890',
    });
    expect(original.author).toEqual({ givenName: 'John', familyName: 'Doe' });
  });

  it.each<[original: string, patch: string, result: string]>([
    ['{"a":1}', '{"__proto__":{"b":2}}', '{"a":1,"__proto__":{"b":2}}'],
    ['{"__proto__":{"b":2}}', '{"__proto__":{"c":3}}', '{"__proto__":{"b":2,"c":3}}'],
    ['{"a":1,"__proto__":{"b":2}}', '{"__proto__":null}', '{"a":1}'],
    ['{"a":{}}', '{"a":{"__proto__":{"b":{"c":null}}}}', '{"a":{"__proto__":{"b":{}}}}'],
    ['{}', '{"constructor":{"prototype":{"b":2}}}', '{"constructor":{"prototype":{"b":2}}}'],
    ['{}', '{"toString":null,"valueOf":{"a":1}}', '{"valueOf":{"a":1}}'],
  ])('takes %s with %s for data', (original, patch, result) => {
    expect(JSON.stringify(mergePatch(JSON.parse(original), JSON.parse(patch)))).toBe(result);
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });
});

describe('the body of a create request', () => {
  const base = { name: 'n', image: 'i', labels: {} };
  const createBody = (spec: ContainerSpec, version = '1.51') => createRequest(spec, version).body;

  it('leaves out what the spec leaves open, so that the engine’s defaults count', () => {
    expect(createBody(base)).toEqual({ Image: 'i', Labels: {}, HostConfig: {} });
  });

  it('tells an entrypoint that is cleared from one that is kept', () => {
    expect(createBody({ ...base, entrypoint: [] })).toMatchObject({ Entrypoint: [''] });
    expect(createBody({ ...base, entrypoint: undefined })).not.toHaveProperty('Entrypoint');
  });

  it('has mounts with their options, under the engine’s names', () => {
    const bindOptions = { propagation: 'rshared' };
    const mount = { type: 'bind', source: '/a', target: '/b', readOnly: true, bindOptions };
    expect(createBody({ ...base, mounts: [mount, { type: 'tmpfs', target: '/t' }] })['HostConfig']).toEqual({
      Mounts: [
        { Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true, BindOptions: { Propagation: 'rshared' } },
        { Type: 'tmpfs', Target: '/t' },
      ],
    });
  });

  it('has the override applied last', () => {
    const override = { Env: ['B=2'], Labels: { x: null, y: 'z' }, HostConfig: { Memory: 1, PidMode: null } };
    const body = createBody({ ...base, labels: { x: '1' }, env: ['A=1'], pidMode: 'host', privileged: true, override });
    expect(body).toEqual({
      Image: 'i',
      Env: ['B=2'],
      Labels: { y: 'z' },
      HostConfig: { Privileged: true, Memory: 1 },
    });
  });
});
