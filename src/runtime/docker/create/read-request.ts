import { read } from '../wire/read.ts';
import { type ReadSettings, readSettings, settingSections } from './read-settings.ts';
import type { Json } from './merge-patch.ts';

/**
 * What a request to create a container asks for, in our words: it has what an inspect tells at other places.
 * @throws InternalError for a request that no container could be described by
 */
export function readRequest({
  Image,
  HostConfig,
  NetworkingConfig,
  ...Config
}: Json): ReadSettings & { image: string } {
  const { EndpointsConfig } = (NetworkingConfig ?? {}) as Json;
  const said = { Config, HostConfig: HostConfig ?? {}, NetworkSettings: { Networks: EndpointsConfig } };
  return { ...read('request', () => readSettings(settingSections.parse(said))), image: String(Image) };
}
