import type { DeviceRequest, Healthcheck } from '../../settings.ts';
import { notSupported, quoted } from '../command/words.ts';

type Words = readonly string[];

const mostBytes = 4096;

/** nerdctl keeps none without a value: it is as if nobody had asked for it, and takes away one of the image. */
export function labelFlags(labels: Readonly<Record<string, string>>): Words {
  return Object.entries(labels).flatMap(([name, value]) => {
    if (Buffer.byteLength(name) + Buffer.byteLength(value) > mostBytes)
      throw notSupported(`room for the label ${name}: its name and value may be ${mostBytes} bytes long`);
    return ['--label', `${name}=${value}`];
  });
}

/** Of a command without a shell nothing can be said: its flag has a shell's line. */
export function healthFlags(check: Healthcheck): Words {
  const { test, interval, timeout, startPeriod, startInterval, retries } = check;
  const [kind, ...words] = test ?? [];
  if (kind === 'NONE') return ['--no-healthcheck'];
  if (kind === 'CMD') throw notSupported('healthcheck without a shell', 'Ask for one of the form CMD-SHELL.');
  if (startInterval !== undefined) throw notSupported('start interval of a healthcheck');
  return [
    ...(kind === undefined ? [] : ['--health-cmd', words.join(' ')]),
    ...duration('--health-interval', interval),
    ...duration('--health-timeout', timeout),
    ...duration('--health-start-period', startPeriod),
    ...(retries === undefined ? [] : ['--health-retries', String(retries)]),
  ];
}

function duration(flag: string, nanoseconds: number | undefined): Words {
  return nanoseconds === undefined ? [] : [flag, `${nanoseconds}ns`];
}

export function gpuFlags(requests: readonly DeviceRequest[]): Words {
  return requests.flatMap(({ driver = '', count, deviceIds = [], capabilities = [], options = {} }) => {
    const names = [...new Set(capabilities.flat())];
    if (
      !/^(?:nvidia)?$/.test(driver) ||
      (names.length > 0 && !names.includes('gpu')) ||
      Object.keys(options).length > 0
    )
      throw notSupported(`request for devices other than GPUs (${driver || names.join(', ')})`);
    const others = names.filter((name) => name !== 'gpu');
    const fields = [
      ...(deviceIds.length > 0 ? [quoted(`device=${deviceIds.join(',')}`)] : [`count=${count === -1 ? 'all' : count}`]),
      ...(others.length > 0 ? [quoted(`capabilities=${others.join(',')}`)] : []),
    ];
    return ['--gpus', fields.join(',')];
  });
}
