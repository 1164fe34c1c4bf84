import { describe, expect, it } from 'vitest';
import { statIn } from '../../../../src/runtime/nerdctl/files/files.ts';
import { isFresh } from '../../../../src/runtime/nerdctl/containers/health.ts';
import { processesIn } from '../../../../src/runtime/nerdctl/containers/processes.ts';
import { metricsIn, networksIn } from '../../../../src/runtime/nerdctl/containers/read-metrics.ts';

describe('what a container uses, as containerd tells it', () => {
  /** Of containerd 1.6, shortened. */
  const older = {
    pids: { current: 1 },
    cpu: { usage: { total: 161_412_208, kernel: 40_000_000, user: 120_000_000 }, throttling: {} },
    memory: {
      cache: 8192,
      rss: 49_152,
      total_inactive_file: 4096,
      usage: { limit: 9_223_372_036_854_771_712, usage: 344_064, max: 4_190_208 },
    },
    blkio: {
      io_service_bytes_recursive: [
        { op: 'Read', device: '/dev/vda', major: 254, value: 12_288 },
        { op: 'Write', device: '/dev/vda', major: 254 },
        { op: 'Total', device: '/dev/vda', major: 254, value: 12_288 },
      ],
    },
    memory_oom_control: {},
  };

  it('by the older control groups', () => {
    expect(metricsIn(JSON.stringify(older))).toEqual({
      cpuNs: 161_412_208,
      memory: { used: 339_968, limit: undefined },
      processes: 1,
      blockIo: { read: 12_288, written: 0 },
    });
  });

  it('by the newer ones', () => {
    const newer = {
      pids: { current: 2, limit: 100 },
      cpu: { usage_usec: 1500, user_usec: 1000 },
      memory: { usage: 1_000_000, usage_limit: 67_108_864, inactive_file: 200_000 },
      io: {
        usage: [
          { major: 254, rbytes: 10, wbytes: 20 },
          { major: 253, rbytes: 1 },
        ],
      },
    };
    expect(metricsIn(JSON.stringify(newer))).toEqual({
      cpuNs: 1_500_000,
      memory: { used: 800_000, limit: 67_108_864 },
      processes: 2,
      blockIo: { read: 11, written: 20 },
    });
  });

  /** Of containerd 2, on a machine whose newer control groups have no controllers. */
  it('by those that count nothing', () => {
    const text = '{"pids":{},"cpu":{"psi":{"some":{"total":10909}}},"memory":{"psi":{}},"rdma":{},"io":{"psi":{}}}';
    expect(metricsIn(text)).toEqual({
      cpuNs: 0,
      memory: { used: 0, limit: undefined },
      processes: undefined,
      blockIo: { read: 0, written: 0 },
    });
  });

  it('and the kernel by interfaces', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       7       0    0    0    0     0          0         0        7       0    0    0    0     0       0          0
  eth0:    2430      29    0    0    0     0          0         0      962      13    0    0    0     0       0          0
`;
    expect(networksIn(text)).toEqual({ eth0: { received: 2430, sent: 962 } });
    expect(networksIn('')).toEqual({});
  });
});

it('processes, a line for each, whatever they are called', () => {
  expect(processesIn('1112 mnt:[4026534926] sh\n240 mnt:[4026534926] a b: (c)\nnoise\n')).toEqual([
    { pid: 1112, comm: 'sh', mountNamespace: '4026534926' },
    { pid: 240, comm: 'a b: (c)', mountNamespace: '4026534926' },
  ]);
});

describe('a file', () => {
  const modifiedAt = new Date('2026-11-22T12:29:26Z');
  const time = String(modifiedAt.getTime() / 1000);

  it.each([
    [`81a4 5 ${time}\n`, '/a/b', { name: 'b', size: 5, mode: 0o644, type: 'file', linkTarget: undefined }],
    [`41ed 4096 ${time}\n`, '/', { name: '/', size: 4096, mode: 0o755, type: 'directory', linkTarget: undefined }],
    [`a1ff 4 ${time}\n/e\ntc\n`, '/x', { name: 'x', size: 4, mode: 0o777, type: 'link', linkTarget: '/e\ntc' }],
    [`11b6 0 ${time}\n`, '/p', { name: 'p', size: 0, mode: 0o666, type: 'other', linkTarget: undefined }],
  ])('%s', (told, path, expected) => {
    expect(statIn(told, path)).toEqual({ ...expected, modifiedAt });
  });
});

it('the last check of a container counts for as long as its interval', () => {
  const container = (...ends: string[]): Parameters<typeof isFresh>[0] => ({
    Id: 'x',
    State: {
      ...{ Status: 'running', Running: true, Paused: false, Pid: 1, ExitCode: 0, StartedAt: '', Error: '' },
      Health: { Status: 'healthy', Log: ends.map((End) => ({ End })) },
    },
    Config: { Labels: {} },
  });
  const now = Date.parse('2026-11-22T12:00:40Z');
  const ends = ['2026-11-22T12:00:39.133202358Z', '2026-11-22T12:00:08.673334211Z'];
  expect(isFresh(container(...ends), 30_000, now)).toBe(true);
  expect(isFresh(container(...ends), 100, now)).toBe(false);
  expect(isFresh(container(), 30_000, now)).toBe(false);
});
