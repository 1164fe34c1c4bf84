import type { RequestMistake } from '../errors.ts';
import { isNetworkMode } from './networks.ts';
import { readinessText } from './readiness.ts';
import type { RequestValues } from './variables.ts';

/** Values that are good by themselves, and cannot be had together. */
export function contradictions(values: Partial<RequestValues>, now: Date): RequestMistake[] {
  return [
    ...ofTimes(values, now),
    ...ofImage(values),
    ...ofNetworks(values),
    ...ofRestarts(values),
    ...ofReadiness(values),
  ];
}

function ofTimes({ delay, at }: Partial<RequestValues>, now: Date): RequestMistake[] {
  const mistakes: RequestMistake[] = [];
  if (delay !== undefined && at !== undefined) {
    mistakes.push({ name: 'OFFSHOOT_AT', problem: 'OFFSHOOT_DELAY is set as well; expected one of the two' });
  }
  if (at !== undefined && at < now) {
    mistakes.push({ name: 'OFFSHOOT_AT', problem: `${at.toISOString()} is over; it is ${now.toISOString()}` });
  }
  return mistakes;
}

function ofImage({ image, pull }: Partial<RequestValues>): RequestMistake[] {
  return image === 'self' && pull === 'always'
    ? [{ name: 'OFFSHOOT_PULL', problem: '"always": self is taken by its id, which cannot be pulled' }]
    : [];
}

/** Engines differ: one refuses the ports, another one forgets them. */
function ofNetworks({ network = [], publish = [] }: Partial<RequestValues>): RequestMistake[] {
  const mode = network.find(({ name }) => isNetworkMode(name));
  if (mode === undefined || publish.length === 0) return [];
  return [{ name: 'OFFSHOOT_PUBLISH', problem: `with OFFSHOOT_NETWORK=${mode.name} there are no ports to publish` }];
}

function ofRestarts({ autoRemove, restart, inherit }: Partial<RequestValues>): RequestMistake[] {
  if (!autoRemove) return [];
  const asked = restart === undefined ? inherit?.groups.includes('restart') : restart.name !== 'no';
  if (!asked) return [];
  const source = restart === undefined ? 'OFFSHOOT_INHERIT has restart' : `OFFSHOOT_RESTART is ${restart.name}`;
  return [
    { name: 'OFFSHOOT_AUTO_REMOVE', problem: `${source}: what is removed cannot restart; expected one of the two` },
  ];
}

function ofReadiness({ attach, ready, restart, when = [] }: Partial<RequestValues>): RequestMistake[] {
  const mistakes: RequestMistake[] = [];
  const own = when.find((condition) => condition.kind === 'exited' && condition.container === 'self');
  if (attach && own !== undefined)
    mistakes.push({ name: 'OFFSHOOT_WHEN', problem: `"${own.text}": with OFFSHOOT_ATTACH this container stays` });
  if (attach && ready !== undefined && ready.is !== 'started')
    mistakes.push({
      name: 'OFFSHOOT_READY',
      problem: `"${readinessText(ready)}": with OFFSHOOT_ATTACH the sibling's own status is what counts; expected one of the two`,
    });
  if (ready?.is === 'exited' && (restart?.name === 'always' || restart?.name === 'unless-stopped'))
    mistakes.push({
      name: 'OFFSHOOT_READY',
      problem: `"${readinessText(ready)}": OFFSHOOT_RESTART is ${restart.name}: what is always started again does not end`,
    });
  return mistakes;
}
