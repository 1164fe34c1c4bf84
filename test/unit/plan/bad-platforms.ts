/** What `OFFSHOOT_PLATFORM` refuses, and what it says. */
export const badPlatforms: readonly (readonly [value: string, says: string])[] = [
  ['linux', 'os/architecture'],
  ['amd64', 'os/architecture'],
  ['/', 'os/architecture'],
  ['linux/', 'os/architecture'],
  ['/amd64', 'no operating system'],
  ['linux/arm/v7/x', 'os/architecture'],
  ['linux/arm/', 'os/architecture'],
  ['linux/arm/V7', 'os/architecture'],
  ['linux/amd46', 'expected amd64'],
  ['Linux/amd64', 'expected linux'],
  ['linux/AMD64', 'unknown architecture; expected one of'],
  ['linux amd64', 'os/architecture'],
  ['linux/amd64,linux/arm64', 'os/architecture'],
  ['linux/ａmd64', 'os/architecture'],
];
