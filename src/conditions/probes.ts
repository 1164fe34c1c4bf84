import type { Runtime } from '../runtime/runtime.ts';
import { endedProbe, healthyProbe } from './container.ts';
import { fileProbe } from './file.ts';
import { httpProbe } from './http.ts';
import type { Probe } from './probe.ts';
import { tcpProbe } from './tcp.ts';
import type { Watched } from './watched.ts';

export function probeOf(condition: Watched, runtime: Runtime): Probe {
  switch (condition.kind) {
    case 'exited':
      return endedProbe(condition, runtime);
    case 'healthy':
      return healthyProbe(condition, runtime);
    case 'tcp':
      return tcpProbe(condition);
    case 'http':
      return httpProbe(condition);
    case 'file':
      return fileProbe(condition);
    default:
      return condition satisfies never;
  }
}
