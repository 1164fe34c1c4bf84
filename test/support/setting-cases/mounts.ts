import type { SettingCase } from './types.ts';

export const mountCases: readonly SettingCase[] = [
  { name: 'a bind', flags: ({ folder }) => ['-v', `${folder}:/bound`] },
  { name: 'a bind that can only be read', flags: ({ folder }) => ['-v', `${folder}:/bound:ro`] },
  { name: 'a bind of a file', flags: ({ file }) => ['-v', `${file}:/etc/offshoot.conf:ro`] },
  { name: 'a bind of a folder that is not there', flags: ({ folder }) => ['-v', `${folder}/new:/bound`] },
  ...['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'].map((propagation) => ({
    name: `a bind with the propagation ${propagation}`,
    flags: ({ folder }: { folder: string }) => ['-v', `${folder}:/bound:${propagation}`],
  })),
  { name: 'a bind with several options', flags: ({ folder }) => ['-v', `${folder}:/bound:ro,rslave`] },
  { name: 'a bind with a label for all (no SELinux here)', flags: ({ folder }) => ['-v', `${folder}:/bound:z`] },
  { name: 'a bind with a label of its own (no SELinux here)', flags: ({ folder }) => ['-v', `${folder}:/bound:ro,Z`] },
  { name: 'a bind with a consistency', flags: ({ folder }) => ['-v', `${folder}:/bound:cached`] },
  {
    name: 'binds of one folder at two places',
    flags: ({ folder }) => ['-v', `${folder}:/one`, '-v', `${folder}:/two:ro`],
  },
  {
    name: 'a volume',
    prepare: async (stage) => void (await stage.volume('data')),
    flags: ({ named }) => ['-v', `${named('data')}:/data`],
  },
  {
    name: 'a volume that can only be read',
    prepare: async (stage) => void (await stage.volume('data')),
    flags: ({ named }) => ['-v', `${named('data')}:/data:ro`],
  },
  {
    name: 'a volume that takes nothing of the image',
    prepare: async (stage) => void (await stage.volume('data')),
    flags: ({ named }) => ['-v', `${named('data')}:/etc/data:nocopy`],
  },
  { name: 'an anonymous volume', flags: ['-v', '/anonymous'] },
  { name: 'anonymous volumes of a driver', flags: ['--volume-driver', 'local', '-v', '/one', '-v', '/two'] },

  { name: '--mount of a folder', flags: ({ folder }) => ['--mount', `type=bind,src=${folder},dst=/bound`] },
  {
    name: '--mount of a folder with its options',
    flags: ({ folder }) => ['--mount', `type=bind,src=${folder},dst=/bound,readonly,bind-propagation=rslave`],
  },
  {
    name: '--mount of a folder alone',
    flags: ({ folder }) => ['--mount', `type=bind,src=${folder},dst=/bound,bind-nonrecursive`],
  },
  {
    name: '--mount of a folder that is recursively read-only',
    minApi: '1.44',
    flags: ({ folder }) => [
      '--mount',
      `type=bind,src=${folder},dst=/bound,readonly,bind-propagation=rprivate,bind-recursive=readonly`,
    ],
  },
  {
    name: '--mount of a folder that is not recursively read-only',
    minApi: '1.44',
    flags: ({ folder }) => ['--mount', `type=bind,src=${folder},dst=/bound,readonly,bind-recursive=writable`],
  },
  {
    name: '--mount of a volume',
    prepare: async (stage) => void (await stage.volume('data')),
    flags: ({ named }) => ['--mount', `type=volume,src=${named('data')},dst=/data`],
  },
  {
    name: '--mount of a volume with its options',
    prepare: async (stage) => void (await stage.volume('data')),
    flags: ({ named }) => ['--mount', `type=volume,src=${named('data')},dst=/data,volume-nocopy,readonly`],
  },
  { name: '--mount of an anonymous volume', flags: ['--mount', 'type=volume,dst=/anonymous'] },
  {
    name: '--mount of an anonymous volume with labels',
    flags: ['--mount', 'type=volume,dst=/anonymous,volume-label=one=1,"volume-label=two=a, b"'],
  },
  {
    name: '--mount of an anonymous volume with options of its driver',
    flags: [
      '--mount',
      'type=volume,dst=/quick,volume-driver=local,volume-opt=type=tmpfs,volume-opt=device=tmpfs,"volume-opt=o=size=1m,mode=700"',
    ],
  },
  {
    name: '--mount of a part of a volume',
    minApi: '1.45',
    prepare: (stage) => stage.volumeWith('data', 'a/part'),
    flags: ({ named }) => ['--mount', `type=volume,src=${named('data')},dst=/part,volume-subpath=a/part`],
  },
  { name: '--mount of memory', flags: ['--mount', 'type=tmpfs,dst=/quick'] },
  {
    name: '--mount of memory with its options',
    flags: ['--mount', 'type=tmpfs,dst=/quick,tmpfs-size=1048576,tmpfs-mode=0700'],
  },
  {
    name: '--mount of an image',
    minApi: '1.48',
    flags: ({ image }) => ['--mount', `type=image,src=${image},dst=/image`],
  },
  {
    name: '--mount of a part of an image',
    minApi: '1.48',
    flags: ({ image }) => ['--mount', `type=image,src=${image},dst=/image,image-subpath=bin`],
  },
  { name: 'memory', flags: ['--tmpfs', '/quick'] },
  { name: 'memory with its options', flags: ['--tmpfs', '/quick:size=1m,mode=700,noexec', '--tmpfs', '/other:ro'] },
  {
    name: 'the volumes of another container',
    prepare: async (stage) => void (await stage.other('donor', '-v', '/given')),
    flags: ({ named }) => ['--volumes-from', named('donor')],
  },
  {
    name: 'the volumes of another container, to be read',
    prepare: async (stage) => void (await stage.other('donor', '-v', '/given', '-v', `${stage.folder}:/bound`)),
    flags: ({ named }) => ['--volumes-from', `${named('donor')}:ro`],
  },
  {
    name: 'a mount whose source is made when it is missing',
    minApi: '1.42',
    body: ({ folder }) => ({
      HostConfig: {
        Mounts: [{ Type: 'bind', Source: `${folder}/new`, Target: '/bound', BindOptions: { CreateMountpoint: true } }],
      },
    }),
  },
  {
    name: 'memory with options of mount',
    minApi: '1.46',
    body: {
      HostConfig: {
        Mounts: [{ Type: 'tmpfs', Target: '/quick', TmpfsOptions: { Options: [['noexec']] } }],
      },
    },
  },
];
