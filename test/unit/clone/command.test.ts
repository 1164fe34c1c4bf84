import { describe, expect, it } from 'vitest';
import { cloneCommand, type Process } from '../../../src/clone/command.ts';

const launcher = '/opt/offshoot/entrypoint.sh';
const ofImage: Process = { entrypoint: [launcher, '/app'], command: ['serve'] };
const nothing: Process = { entrypoint: undefined, command: undefined };

interface Case {
  readonly title: string;
  readonly own: Process;
  readonly ofOwnImage?: Process | undefined;
  readonly sameImage?: boolean;
  readonly asked?: Partial<Process>;
  readonly gives: Process;
}

const cases: readonly Case[] = [
  { title: 'another image: nothing of what self has from its image', own: ofImage, gives: nothing },
  {
    title: 'another image: the arguments that somebody gave self',
    own: { ...ofImage, command: ['reboot'] },
    gives: { entrypoint: undefined, command: ['reboot'] },
  },
  {
    title: 'another image: an entrypoint that somebody set, with a command that equals the image’s',
    own: { entrypoint: ['/mine'], command: ['serve'] },
    gives: { entrypoint: ['/mine'], command: ['serve'] },
  },
  {
    title: 'another image: an entrypoint that somebody cleared',
    own: { entrypoint: undefined, command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'another image: without the launcher before an entrypoint of one’s own',
    own: { entrypoint: [launcher, 'reboot'], command: ['-f'] },
    gives: { entrypoint: ['reboot'], command: ['-f'] },
  },
  {
    title: 'another image: without a launcher of two words',
    own: { entrypoint: ['/waitdaemon', launcher, 'reboot'], command: ['-f', launcher] },
    gives: { entrypoint: ['reboot'], command: ['-f', launcher] },
  },
  {
    title: 'another image: the target’s entrypoint where self’s is the launcher alone',
    own: { entrypoint: [launcher], command: ['ls'] },
    gives: { entrypoint: undefined, command: ['ls'] },
  },
  {
    title: 'another image: without the launcher as first word of the command',
    own: { ...ofImage, command: ['/waitdaemon', 'reboot'] },
    gives: { entrypoint: undefined, command: ['reboot'] },
  },
  {
    title: 'another image, and the engine does not tell what is of self’s image: all travels',
    own: { entrypoint: ['/app'], command: ['serve'] },
    ofOwnImage: undefined,
    gives: { entrypoint: ['/app'], command: ['serve'] },
  },
  { title: 'same image: both as they are', own: ofImage, sameImage: true, gives: ofImage },
  {
    title: 'same image: a cleared entrypoint stays cleared',
    own: { entrypoint: undefined, command: ['ls'] },
    sameImage: true,
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'same image: another command keeps the entrypoint',
    own: ofImage,
    sameImage: true,
    asked: { command: ['migrate'] },
    gives: { entrypoint: ofImage.entrypoint, command: ['migrate'] },
  },
  {
    title: 'same image: another entrypoint drops the image’s command',
    own: ofImage,
    sameImage: true,
    asked: { entrypoint: ['/bin/sh'] },
    gives: { entrypoint: ['/bin/sh'], command: undefined },
  },
  {
    title: 'same image: another entrypoint keeps the arguments that somebody gave',
    own: { ...ofImage, command: ['-c', 'ls'] },
    sameImage: true,
    asked: { entrypoint: ['/bin/sh'] },
    gives: { entrypoint: ['/bin/sh'], command: ['-c', 'ls'] },
  },
  {
    title: 'asked: an empty command is a command',
    own: { ...ofImage, command: ['reboot'] },
    asked: { command: [] },
    gives: { entrypoint: undefined, command: [] },
  },
  {
    title: 'asked: an empty entrypoint clears it',
    own: ofImage,
    asked: { entrypoint: [], command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
];

describe('cloneCommand', () => {
  it.each(cases)('$title', ({ own, sameImage = false, asked, gives, ...rest }) => {
    const ofOwnImage = 'ofOwnImage' in rest ? rest.ofOwnImage : ofImage;
    const input = {
      own,
      ofOwnImage,
      sameImage,
      asked: { ...nothing, ...asked },
      launcherPaths: [launcher, '/waitdaemon'],
    };
    expect(cloneCommand(input)).toEqual(gives);
  });
});
