import fc from 'fast-check';
import type * as z from 'zod';
import { endpoint } from '../../../src/runtime/docker/create/compound.ts';
import { codecs } from '../../../src/runtime/docker/create/settings.ts';
import { fields } from '../../../src/runtime/fields.ts';
import type { CreateRequest } from '../../../src/runtime/runtime.ts';

/** Words that are never the same twice, so that one cannot stand for another. */
export const word: fc.Arbitrary<string> = fc.noBias(
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.uuid())
    .map(([text, id]) => `${text.replaceAll('\0', '')}${id}`),
);
const count = fc.noBias(fc.integer({ min: 1, max: 2 ** 40 }));
const anything: fc.Arbitrary<unknown> = fc.oneof(word, count, fc.boolean(), fc.array(word, { maxLength: 2 }));

/** A value that the schema of a setting takes. */
function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema as unknown as { def: Def };
  switch (def.type) {
    case 'string':
      return word;
    case 'number':
      return count;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(def.element!), { maxLength: 3 });
    case 'record':
      return fc.dictionary(word, arbitraryOf(def.valueType!), { maxKeys: 3 });
    case 'object':
      return fc.record(objectOf(def.shape!), { requiredKeys: [] });
    case 'optional':
    case 'nullable':
    case 'readonly':
      return arbitraryOf(def.innerType!);
    default:
      throw new Error(`no values for ${def.type}`);
  }
}

interface Def {
  readonly type: string;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
}

function objectOf(shape: Readonly<Record<string, z.core.$ZodType>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, arbitraryOf(member)]));
}

/** Every member that the table of fields has, also those without a setting, and one that nobody knows yet. */
function section(name: string): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.entries(fields)
    .filter(([path]) => path.startsWith(`${name}.`) && path !== 'Config.Image')
    .map(([path, field]) => {
      const setting = 'setting' in field ? field.setting : undefined;
      const known = setting === undefined || setting === 'networks' ? undefined : codecs[setting];
      return [path.slice(name.length + 1), known === undefined ? anything : arbitraryOf(known.schema)] as const;
    });
  return fc.record({ ...Object.fromEntries(members), NewMember: anything }, { requiredKeys: [] });
}

const endpoints = fc.record(
  {
    ...objectOf((endpoint.schema as unknown as { shape: Def['shape'] }).shape!),
    MacAddress: word,
    NewMember: anything,
  },
  { requiredKeys: [] },
);

const networkModes = fc.oneof(fc.constantFrom('bridge', 'host', 'none', 'default', 'container:abc'), word);

/** What an engine may be asked, from the clone or by an override. */
export const anyRequest: fc.Arbitrary<CreateRequest> = fc
  .record({
    config: section('Config'),
    host: section('HostConfig'),
    mode: fc.option(networkModes, { nil: undefined }),
    main: fc.option(endpoints, { nil: undefined }),
    others: fc.dictionary(word, endpoints, { maxKeys: 2 }),
    connect: fc.array(fc.record({ network: word, endpoint: endpoints }), { maxLength: 2 }),
    platform: fc.option(word, { nil: undefined }),
  })
  .map(({ config, host, mode, main, others, connect, platform }) => ({
    name: 'made',
    platform,
    body: {
      ...config,
      Image: 'busybox',
      HostConfig: { ...host, NetworkMode: mode },
      NetworkingConfig: {
        EndpointsConfig: { ...(main !== undefined && { [mode ?? 'default']: main }), ...others },
      },
    },
    connect,
  }));
