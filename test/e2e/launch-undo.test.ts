import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { type HeldRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { eventsIn, labTest } from '../support/lab.ts';
import { onePer, releaseOf } from '../support/one-per.ts';

const create = { method: 'POST', path: /^\/containers\/create$/ };
const start = { method: 'POST', path: /^\/containers\/\w+\/start$/ };
const inspectImage = { method: 'GET', path: /^\/images\/.*\/json$/ };

/** Where the signal comes; whether the sibling runs before that, and whether the engine answers after it. */
const steps: [
  step: string,
  request: HeldRequest,
  options: { delay?: string; starts?: true; unsure?: true; late?: true },
][] = [
  ['before the sibling is created', { ...inspectImage, at: 'request' }, {}],
  ['before the engine sees the request to create it', { ...create, at: 'request' }, { unsure: true }],
  ['while it is created', { ...create, at: 'answer' }, {}],
  ['while it is created, which the engine tells a little later', { ...create, at: 'answer' }, { late: true }],
  ['after it was created, before it is started', { ...start, at: 'request' }, {}],
  ['while it is started', { ...start, at: 'answer' }, { starts: true }],
  ['while it is started, which the engine tells later', { ...start, at: 'answer' }, { starts: true, late: true }],
  [
    'before the engine sees the request for the waiter',
    { ...create, nth: 2, at: 'request' },
    { delay: '1h', unsure: true },
  ],
  ['while the waiter is created', { ...create, nth: 2, at: 'answer' }, { delay: '1h' }],
  ['before the waiter is started', { ...start, at: 'request' }, { delay: '1h' }],
  ['while the waiter is started', { ...start, at: 'answer' }, { delay: '1h' }],
];

// Two signals, one way: the second at every fourth step.
const cases = [
  ...steps.map((step) => ['SIGTERM', 143, ...step] as const),
  ...steps.filter((_, index) => index % 4 === 0).map((step) => ['SIGINT', 130, ...step] as const),
];

/** The launch ends within three seconds; beside other tests its machine may take longer to say so. */
const roomForOthers = 2_000;

// Where an engine keeps its images, and what it shows of control groups, makes no difference here.
const engines = onePer(inject('allEngines'), releaseOf);

describe.each(engines)('undo on $kind', { concurrent: true }, (engine) => {
  const it = labTest(engine);

  it.for(cases)('%s: status %i, %s', async ([signal, status, , request, { delay, starts, unsure, late }], { lab }) => {
    const held = await startFaultProxy(engine.socket);
    try {
      const { reached, release } = held.hold(request);
      const since = Date.now();
      const self = await lab.start({
        env: {
          OFFSHOOT_IMAGE: 'self',
          OFFSHOOT_COMMAND: 'true',
          ...(delay !== undefined && { OFFSHOOT_DELAY: delay }),
        },
        socket: held.socket,
      });
      await reached;
      const told = Date.now();
      await lab.ok('kill', '--signal', signal, self);
      if (late) await sleep(200).then(release); // when it has certainly taken notice
      expect(await lab.ended(self)).toBe(status);

      const { stdout, stderr } = await lab.logs(self);
      const { FinishedAt } = (await lab.inspect(self)).State;
      expect(Date.parse(FinishedAt) - told).toBeLessThan(3_000 + roomForOthers);
      expect(await lab.descendants(self)).toEqual([]);
      expect(stdout).toBe('');
      expect(eventsIn(stderr).at(-1)).toMatchObject({ code: 'ERR_CANCELLED', message: `cancelled by ${signal}` });
      // An engine that has not answered may make it still, which somebody has to know.
      expect(stderr.includes('may be left behind')).toBe(unsure === true);
      expect(await lab.startsOf(self, since)).toHaveLength(starts ? 1 : 0);
    } finally {
      await held.close();
    }
  });
});
