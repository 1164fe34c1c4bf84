import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePorts, parsePort } from '../../../src/plan/ports.ts';

describe('parsePort', () => {
  it.each([
    ['80', [{ containerPort: '80/tcp' }]],
    ['80/udp', [{ containerPort: '80/udp' }]],
    ['80/SCTP', [{ containerPort: '80/sctp' }]],
    ['8080:80', [{ containerPort: '80/tcp', hostPort: '8080' }]],
    ['08080:080', [{ containerPort: '80/tcp', hostPort: '8080' }]],
    [':80', [{ containerPort: '80/tcp' }]],
    ['127.0.0.1:8080:80/udp', [{ containerPort: '80/udp', hostIp: '127.0.0.1', hostPort: '8080' }]],
    ['127.0.0.1::80', [{ containerPort: '80/tcp', hostIp: '127.0.0.1' }]],
    ['[::1]:8080:80', [{ containerPort: '80/tcp', hostIp: '::1', hostPort: '8080' }]],
    ['[0:0::1]:8080:80', [{ containerPort: '80/tcp', hostIp: '0:0::1', hostPort: '8080' }]],
    ['[::]::80', [{ containerPort: '80/tcp', hostIp: '::' }]],
    [':8080:80', [{ containerPort: '80/tcp', hostPort: '8080' }]],
    ['80-81', [{ containerPort: '80/tcp' }, { containerPort: '81/tcp' }]],
    [
      '0.0.0.0:8000-8001:80-81/udp',
      [
        { containerPort: '80/udp', hostIp: '0.0.0.0', hostPort: '8000' },
        { containerPort: '81/udp', hostIp: '0.0.0.0', hostPort: '8001' },
      ],
    ],
    ['8000-8010:80', [{ containerPort: '80/tcp', hostPort: '8000-8010' }]],
  ])('%s', (text, expected) => {
    expect(parsePort(text)).toEqual(expected);
  });

  const port = fc.integer({ min: 1, max: 65_535 });

  it('takes ranges of equal length, port by port, and no others', () => {
    const length = fc.integer({ min: 2, max: 50 });
    fc.assert(
      fc.property(port, length, port, length, (host, hostLength, container, containerLength) => {
        const text = `${host}-${host + hostLength - 1}:${container}-${container + containerLength - 1}`;
        const isGood =
          hostLength === containerLength && host + hostLength <= 65_536 && container + containerLength <= 65_536;
        if (!isGood) {
          expect(() => parsePort(text)).toThrow(/^\d+ ports of the host for|is no port/);
          return;
        }
        const ports = Array.from({ length: hostLength }, (_, index) => ({
          containerPort: `${container + index}/tcp`,
          hostPort: `${host + index}`,
        }));
        expect(parsePort(text)).toEqual(ports);
      }),
    );
  });

  it('reads back what it is given, with every address', () => {
    const ip = fc.oneof(
      fc.ipV4().map((text) => [text, text] as const),
      fc.ipV6().map((text) => [text, `[${text}]`] as const),
    );
    const protocol = fc.constantFrom('tcp', 'udp', 'sctp');
    fc.assert(
      fc.property(ip, port, port, protocol, ([hostIp, written], host, container, protocol) => {
        expect(parsePort(`${written}:${host}:${container}/${protocol}`)).toEqual([
          { containerPort: `${container}/${protocol}`, hostIp, hostPort: `${host}` },
        ]);
      }),
    );
  });

  it('gives ports or an Error with a message, for any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789:-/[].tcp'.split('')) }));
    fc.assert(
      fc.property(text, (text) => {
        try {
          return parsePort(text).every(({ containerPort }) => /^[1-9]\d{0,4}\/(tcp|udp|sctp)$/.test(containerPort));
        } catch (error) {
          return error instanceof Error && error.message !== '';
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('mergePorts', () => {
  it.each([
    ['8080:80', '8081:80'],
    ['8080:80/tcp', '8080:80/udp'],
    ['127.0.0.1:8080:80', '127.0.0.2:8080:80'],
    ['0.0.0.0:8080:80', '[::]:8080:80'],
    ['80', '8080:80'],
    ['80', '127.0.0.1::80'],
    ['80', '443'],
  ])('takes %s beside %s', (one, other) => {
    expect(mergePorts([parsePort(one), parsePort(other)])).toHaveLength(2);
  });

  it('is quick with all ports there are', () => {
    expect(mergePorts([parsePort('1-65535:1-65535')])).toHaveLength(65_535);
  });
});
