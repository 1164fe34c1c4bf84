import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition, parseConditions, splitConditions } from '../../../src/plan/conditions.ts';
import { parsePlan } from '../../../src/plan/plan.ts';
import { parseReadiness, readinessText } from '../../../src/plan/readiness.ts';

describe('a condition', () => {
  it.each([
    ['exited:self', { kind: 'exited', container: 'self' }],
    ['exited:web.1_a-b', { kind: 'exited', container: 'web.1_a-b' }],
    ['healthy:db', { kind: 'healthy', container: 'db' }],
    ['tcp:db:5432', { kind: 'tcp', host: 'db', port: 5432 }],
    ['tcp://db.example.:1', { kind: 'tcp', host: 'db.example.', port: 1 }],
    ['tcp:10.0.0.1:65535', { kind: 'tcp', host: '10.0.0.1', port: 65_535 }],
    ['tcp:[fd00::1]:80', { kind: 'tcp', host: 'fd00::1', port: 80 }],
    ['tcp:my_db:80', { kind: 'tcp', host: 'my_db', port: 80 }],
    ['http://web', { kind: 'http', url: 'http://web/' }],
    ['http:http://web:8080/a,b#there', { kind: 'http', url: 'http://web:8080/a,b' }],
    ['http:https://web/', { kind: 'http', url: 'https://web/' }],
    ['https://[fd00::1]:8443/health', { kind: 'http', url: 'https://[fd00::1]:8443/health' }],
    ['file:/data/done', { kind: 'file', path: '/data/done' }],
    ['file:./a b', { kind: 'file', path: './a b' }],
    ['file:../x:y', { kind: 'file', path: '../x:y' }],
  ])('%s', (text, expected) => {
    expect(parseCondition(text)).toMatchObject(expected);
  });

  it('shows of a URL only where it leads', () => {
    expect(parseCondition('http://web/a?token=canary#b')).toEqual({
      kind: 'http',
      text: 'http://web/a?…',
      url: 'http://web/a?token=canary',
    });
  });
});

describe('several conditions', () => {
  it.each([
    ['exited:self,tcp:db:1', ['exited:self', 'tcp:db:1']],
    ['exited:self, tcp:db:1 ,\n file:/x', ['exited:self', 'tcp:db:1', 'file:/x']],
    ['exited:self\nhealthy:db', ['exited:self', 'healthy:db']],
    ['http://web/?a=1,2,exited:self', ['http://web/?a=1,2', 'exited:self']],
    ["'file:/a b,c'", ['file:/a b,c']],
    ['["file:/a b", "exited:self"]', ['file:/a b', 'exited:self']],
  ])('%j', (text, expected) => {
    expect(splitConditions(text)).toEqual(expected);
  });

  it('are taken from flags too, which may be repeated', () => {
    const flags = { image: 'alpine', when: ['exited:self,tcp:db:1', 'file:/a b'] };
    const { when } = parsePlan({ env: {}, flags, now: new Date(), readFile: () => '' });
    expect(when.map(({ text }) => text)).toEqual(['exited:self', 'tcp:db:1', 'file:/a b']);
  });
});

it.each(['started', 'running', 'healthy', 'exited:0', 'exited:255'])('readiness: %s', (text) => {
  expect(readinessText(parseReadiness(text))).toBe(text);
});

it('whatever is written is a list of conditions or an error with what is accepted', () => {
  const word = fc.constantFrom('exited:', 'healthy:', 'tcp:', 'http:', 'https://', 'file:', 'self', ',', ':', '[', ' ');
  const text = fc.array(fc.oneof(word, fc.string({ maxLength: 5 }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (written) => {
      try {
        for (const { kind } of parseConditions(written)) expect(kind).toMatch(/^(?:exited|healthy|tcp|http|file)$/);
      } catch (error) {
        expect((error as Error).message).toMatch(/expected|is none|no IPv6 address|is not taken/);
      }
    }),
  );
});
