import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMarks } from '../../../src/self/marks.ts';
import type { Mount } from '../../../src/self/proc.ts';

const comm = (): string => readFileSync('/proc/self/comm', 'utf8');
const mountAt = (target: string): Mount => ({ root: '/', target, fileSystem: 'ext4', superOptions: '' });

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'offshoot-marks-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('renames our process, and gives the name back to the letter', () => {
  const before = comm();
  const marks = createMarks([]);
  const name = marks.processName();
  expect(name).toMatch(/^os-[0-9a-f]{12}$/);
  expect(comm()).toBe(`${name}\n`);
  expect(marks.processName()).toBe(name);
  marks.remove();
  expect(comm()).toBe(before);
});

it('gives searches of the same time one name, so that none hides the other', () => {
  const before = comm();
  const [first, second] = [createMarks([]), createMarks([])];
  expect(second.processName()).toBe(first.processName());
  first.remove();
  expect(comm()).toBe(`${second.processName()}\n`);
  second.remove();
  expect(comm()).toBe(before);
});

it('leaves nothing behind and takes nothing away when nothing was made', () => {
  const before = comm();
  createMarks([], [folder]).remove();
  expect(comm()).toBe(before);
});

it('writes one file, in the first folder that lets it, and takes it away', () => {
  const marks = createMarks([mountAt('/')], [join(folder, 'missing'), '/proc', folder]);
  const file = marks.file();
  expect(file).toMatch(new RegExp(`^${folder}/\\.offshoot-[0-9a-f]{32}$`));
  expect(marks.file()).toBe(file);
  expect(existsSync(file ?? '')).toBe(true);
  marks.remove();
  expect(existsSync(file ?? '')).toBe(false);
});

it.each([
  ['where a volume is mounted', (root: string) => root],
  ['below a volume', (root: string) => join(root, '..')],
])('never writes %s, as another container can have the same one', (_, mounted) => {
  const marks = createMarks([mountAt('/'), mountAt(join(mounted(folder)))], [folder]);
  expect(marks.file()).toBeUndefined();
});

it('follows a link into a volume before it looks where that is mounted', () => {
  mkdirSync(join(folder, 'volume'));
  symlinkSync('volume', join(folder, 'link'));
  expect(createMarks([mountAt(join(folder, 'volume'))], [join(folder, 'link')]).file()).toBeUndefined();
  const marks = createMarks([], [join(folder, 'link')]);
  expect(marks.file()).toContain(join(folder, 'volume', '.offshoot-'));
  marks.remove();
});

it('does not take a folder for one in a volume whose name it begins with', () => {
  const marks = createMarks([mountAt(`${folder}/vol`)], [folder]);
  expect(marks.file()).toBeDefined();
  marks.remove();
});
