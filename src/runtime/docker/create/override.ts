import * as z from 'zod';
import { InvalidRequestError, type RequestMistake } from '../../../errors.ts';
import { nearest } from '../../../plan/nearest.ts';
import { fields } from '../../fields.ts';
import type { Json } from './merge-patch.ts';
import { endpoint } from './compound.ts';
import { codecs } from './settings.ts';

/**
 * What the engine takes, by the same table that says what it tells: an engine ignores what it does not know, so that
 * a mistyped name would be lost without a word.
 * @throws InvalidRequestError
 */
export function checkOverride(body: Json): Json {
  const result = requestSchema().safeParse(body);
  if (result.success) return body;
  throw new InvalidRequestError(result.error.issues.flatMap(mistakesOf));
}

const name = 'OFFSHOOT_OVERRIDE';

/** Never with a value: it may be a secret. */
function mistakesOf(issue: z.core.$ZodIssue): RequestMistake[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ name, problem: `${path}: ${issue.message}` }];
  return issue.keys.map((key) => {
    const near = neighbour(issue.path, key);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    const full = [...issue.path, key].join('.');
    return { name, problem: `${full} is no member of a request to create a container${hint}` };
  });
}

/** What may have been meant: a member of that name elsewhere, or one like it at this place. */
function neighbour(path: readonly PropertyKey[], key: string): string | undefined {
  if (path.length === 0 && Object.hasOwn(fields, `HostConfig.${key}`)) return `HostConfig.${key}`;
  if (path.join('.') === 'HostConfig' && Object.hasOwn(fields, `Config.${key}`)) return key;
  const near = nearest(key, membersAt(requestSchema(), path));
  return near === undefined ? undefined : [...path, near].join('.');
}

function membersAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return membersAt(schema.unwrap(), path);
  const [first, ...rest] = path;
  if (schema instanceof z.ZodArray) return membersAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return membersAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return first === undefined ? Object.keys(schema.shape) : membersAt(schema.shape[String(first)], rest);
}

function requestSchema(): z.ZodType {
  const endpoints = z.strictObject({
    ...(endpoint.schema as z.ZodObject).shape,
    ...members('NetworkSettings.Networks.*'),
  });
  return z.strictObject({
    ...members('Config'),
    HostConfig: z.strictObject(members('HostConfig')).optional(),
    NetworkingConfig: z
      .strictObject({ EndpointsConfig: z.record(z.string(), endpoints.nullable()).nullish() })
      .nullish(),
  });
}

/** By the table; of what has no setting the engine itself judges the value. */
function members(section: string): Record<string, z.ZodType> {
  const prefix = `${section}.`;
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, field]) => {
        const setting = 'setting' in field ? field.setting : undefined;
        const codec = setting === undefined || setting === 'networks' ? undefined : codecs[setting];
        return [path.slice(prefix.length), codec === undefined ? z.unknown().optional() : codec.schema.nullish()];
      }),
  );
}
