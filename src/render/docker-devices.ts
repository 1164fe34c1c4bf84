import type { Members } from './members.ts';
import type { Said } from './docker-rules.ts';
import { note } from './rendering.ts';
import { csv } from './words.ts';

/**
 * `--gpus` always asks for the capability `gpu`, `--device` with the name of a CDI device for nothing but that device;
 * all of these become one request.
 */
export function dockerDeviceRequests(host: Members): Said[] {
  const requests = host.each('DeviceRequests');
  let cdi = 0;
  return requests.flatMap((request): Said[] => {
    const driver = request.text('Driver') ?? '';
    const count = request.number('Count') ?? 0;
    const ids = request.texts('DeviceIDs') ?? [];
    const lists = request.lists('Capabilities') ?? [];
    const options = request.map('Options') ?? {};
    const capabilities = lists[0] ?? [];

    const named = Object.entries(options);
    if (driver === 'cdi' && ids.length > 0 && count === 0 && capabilities.length === 0 && named.length === 0) {
      cdi += 1;
      return [
        ...ids.map((value) => ({ flag: '--device', value })),
        ...(cdi === 2 ? [note(request.path, 'docker run makes one request of all CDI devices')] : []),
      ];
    }
    if (lists.length !== 1 || !capabilities.includes('gpu'))
      return [note(request.path, 'docker run only asks for devices with the capability gpu')];
    if ([...ids, ...capabilities].some((word) => word.includes(',')) || named.some(([name]) => name.includes('=')))
      return [
        note(request.path, 'docker run takes no comma in an id or a capability, and no = in the name of an option'),
      ];

    const others = capabilities.filter((capability) => capability !== 'gpu');
    const fields = [
      ...(driver === '' ? [] : [`driver=${driver}`]),
      ...(count === 0 && ids.length > 0 ? [] : [`count=${count === -1 ? 'all' : count}`]),
      ...(ids.length > 0 ? [`device=${ids.join(',')}`] : []),
      ...(others.length > 0 ? [`capabilities=${others.join(',')}`] : []),
      ...(named.length > 0 ? [`options=${csv(named.map(([name, value]) => `${name}=${value}`))}`] : []),
    ];
    return [{ flag: '--gpus', value: csv(fields) }];
  });
}
