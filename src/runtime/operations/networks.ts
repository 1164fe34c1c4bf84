import type { Networks, Volumes } from '../api/networks.ts';
import * as is from '../checks.ts';
import { endpoint } from './container-spec.ts';
import { call, labelsOption, type Operations, type OperationTable } from './operation.ts';

const subnet = is.object({
  subnet: is.network,
  gateway: is.optional(is.address),
  ipRange: is.optional(is.network),
});

export const networks: Operations<Networks> & OperationTable = {
  inspect: call({ name: is.name }, { capability: 'networks' }),
  list: call({}, { capability: 'networks', options: labelsOption }),
  ensure: call(
    {
      spec: is.object({
        name: is.name,
        labels: is.optional(is.map),
        driver: is.optional(is.notEmpty),
        driverOptions: is.optional(is.map),
        mtu: is.optional(is.integer(68, 65_535)),
        subnets: is.optional(is.list(subnet)),
        ipv6: is.optional(is.boolean),
        internal: is.optional(is.boolean),
        attachable: is.optional(is.boolean),
      }),
    },
    { capability: 'networks' },
  ),
  remove: call({ name: is.name }, { capability: 'networks' }),
  connect: call({ name: is.name, container: is.container, endpoint }, { capability: 'networkConnect' }),
  disconnect: call({ name: is.name, container: is.container }, { capability: 'networkConnect' }),
};

export const volumes: Operations<Volumes> & OperationTable = {
  inspect: call({ name: is.name }, { capability: 'volumes' }),
  list: call({}, { capability: 'volumes', options: labelsOption }),
  ensure: call(
    {
      spec: is.object({
        name: is.name,
        labels: is.optional(is.map),
        driver: is.optional(is.notEmpty),
        driverOptions: is.optional(is.map),
      }),
    },
    { capability: 'volumes' },
  ),
  remove: call({ name: is.name }, { capability: 'volumes' }),
};
