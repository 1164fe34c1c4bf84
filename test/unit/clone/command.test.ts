import { describe, expect, it } from 'vitest';
import { cloneCommand, type Process } from '../../../src/clone/command.ts';
import { entrypointPath as launcher, launcherPath, launcherPaths, toolsFolder } from '../../../src/launch/paths.ts';

const ofImage: Process = { entrypoint: [launcher, '/app'], command: ['serve'] };
const plainImage: Process = { entrypoint: ['/app'], command: ['serve'] };
const nothing: Process = { entrypoint: undefined, command: undefined };
const launch = ['offshoot', 'launch', 'self', '--delay', '5s', '--', 'true'];

interface Case {
  readonly title: string;
  readonly own: Process;
  readonly ofOwnImage?: Process | 'unknown';
  readonly asked?: Process;
  readonly gives: Process;
}

/** `own` is always what self's inspect says: the image's and the user's, merged. */
const another: readonly Case[] = [
  { title: 'nothing of what self has from its image', own: ofImage, gives: nothing },
  {
    title: 'the arguments that somebody gave self',
    own: { ...ofImage, command: ['reboot'] },
    gives: { command: ['reboot'] },
  },
  {
    // containrrr/watchtower#418: it was lost, as it equals the image's.
    title: 'an entrypoint that somebody set, with a command that equals the image’s',
    own: { entrypoint: ['/mine'], command: ['serve'] },
    gives: { entrypoint: ['/mine'], command: ['serve'] },
  },
  {
    title: 'an entrypoint that somebody cleared',
    own: { entrypoint: undefined, command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'an entrypoint that somebody cleared, as a newer engine says it',
    own: { entrypoint: [], command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'no entrypoint, where self’s image has none either',
    own: { command: ['ls'] },
    ofOwnImage: { command: ['sh'] },
    gives: { command: ['ls'] },
  },
  {
    title: 'an entrypoint of one’s own that takes no arguments',
    own: { entrypoint: ['/mine'] },
    gives: { entrypoint: ['/mine'] },
  },
  {
    title: 'without the launcher before an entrypoint of one’s own',
    own: { entrypoint: [launcher, 'reboot'], command: ['-f'] },
    gives: { entrypoint: ['reboot'], command: ['-f'] },
  },
  {
    title: 'without a launcher of two words',
    own: { entrypoint: [`${toolsFolder}/sh`, launcher, 'reboot'], command: ['-f', launcher] },
    gives: { entrypoint: ['reboot'], command: ['-f', launcher] },
  },
  {
    title: 'the target’s entrypoint where self’s is the launcher alone',
    own: { entrypoint: [launcher], command: ['ls'] },
    gives: { command: ['ls'] },
  },
  {
    title: 'without the launcher as first word of the command',
    own: { ...ofImage, command: ['/waitdaemon', 'reboot'] },
    gives: { command: ['reboot'] },
  },
  {
    title: 'the target’s command where self’s is the launcher alone',
    own: { ...ofImage, command: [launcherPath] },
    gives: nothing,
  },
  {
    title: 'all, where the engine does not tell what is of self’s image',
    own: { entrypoint: ['/app'], command: ['serve'] },
    ofOwnImage: 'unknown',
    gives: { entrypoint: ['/app'], command: ['serve'] },
  },
  {
    title: 'an empty command that is asked for',
    own: { ...ofImage, command: ['reboot'] },
    asked: { command: [] },
    gives: { command: [] },
  },
  {
    title: 'an entrypoint that is asked for, with the arguments that somebody gave',
    own: { ...ofImage, command: ['-f'] },
    asked: { entrypoint: ['reboot'] },
    gives: { entrypoint: ['reboot'], command: ['-f'] },
  },
  {
    title: 'an entrypoint that is asked to be cleared',
    own: ofImage,
    asked: { entrypoint: [], command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'not the launch that self was told',
    own: { ...ofImage, entrypoint: [launcher], command: launch },
    gives: nothing,
  },
  {
    title: 'what is asked for, not the launch that self was told',
    own: { entrypoint: [launcherPath], command: ['launch', 'self'] },
    asked: { command: ['true'] },
    gives: { command: ['true'] },
  },
];

const same: readonly Case[] = [
  { title: 'both as they are', own: ofImage, gives: ofImage },
  {
    title: 'the arguments that somebody gave self',
    own: { ...ofImage, command: ['reboot'] },
    gives: { ...ofImage, command: ['reboot'] },
  },
  {
    title: 'with the launcher, which this image has',
    own: { entrypoint: [launcher, '/mine'], command: ['x'] },
    gives: { entrypoint: [launcher, '/mine'], command: ['x'] },
  },
  {
    title: 'a cleared entrypoint stays cleared',
    own: { entrypoint: undefined, command: ['ls'] },
    gives: { entrypoint: [], command: ['ls'] },
  },
  {
    title: 'all, where the engine does not tell what is of self’s image',
    own: ofImage,
    ofOwnImage: 'unknown',
    gives: ofImage,
  },
  {
    title: 'another command keeps the entrypoint',
    own: ofImage,
    asked: { command: ['migrate'] },
    gives: { entrypoint: ofImage.entrypoint, command: ['migrate'] },
  },
  {
    title: 'another entrypoint drops the image’s command',
    own: ofImage,
    asked: { entrypoint: ['/bin/sh'] },
    gives: { entrypoint: ['/bin/sh'] },
  },
  {
    title: 'another entrypoint keeps the arguments that somebody gave',
    own: { ...ofImage, command: ['-c', 'ls'] },
    asked: { entrypoint: ['/bin/sh'] },
    gives: { entrypoint: ['/bin/sh'], command: ['-c', 'ls'] },
  },
  // It would launch for ever.
  {
    title: 'not the launch that self was told',
    own: { ...ofImage, command: launch, entrypoint: [launcher] },
    gives: ofImage,
  },
  {
    title: 'not the launch that self was told as the only words',
    own: { entrypoint: [], command: launch },
    ofOwnImage: plainImage,
    gives: plainImage,
  },
  {
    title: 'not the launch that self was told by the launcher’s path',
    own: { entrypoint: [launcherPath, 'launch', 'self'], command: ['--', 'true'] },
    gives: ofImage,
  },
  {
    title: 'not the launch, without a shell in the image',
    own: { entrypoint: [`${toolsFolder}/sh`, launcher], command: launch },
    gives: ofImage,
  },
  {
    title: 'a program that is called launch, or gets that word',
    own: { entrypoint: ['launch'], command: ['launch'] },
    gives: { entrypoint: ['launch'], command: ['launch'] },
  },
  {
    title: 'a program to which the launcher is but an argument',
    own: { entrypoint: ['/bin/echo'], command: ['offshoot', 'launch', 'self'] },
    gives: { entrypoint: ['/bin/echo'], command: ['offshoot', 'launch', 'self'] },
  },
  {
    title: 'another command of the launcher',
    own: { entrypoint: [launcher], command: ['offshoot', 'self'] },
    gives: { entrypoint: [launcher], command: ['offshoot', 'self'] },
  },
];

describe.each([
  ['another', another],
  ['the same', same],
])('entrypoint and command for %s image', (which, cases) => {
  it.each(cases)('$title', ({ own, ofOwnImage = ofImage, asked = {}, gives }) => {
    const known = ofOwnImage === 'unknown' ? undefined : ofOwnImage;
    const input = { own, ofOwnImage: known, sameImage: which === 'the same', asked, launcherPaths };
    expect(cloneCommand(input)).toEqual({ ...nothing, ...gives });
  });
});
