import { NotSupportedError } from '../errors.ts';
import { fields } from '../runtime/fields.ts';
import type { ContainerSettings } from '../runtime/settings.ts';
import { cloneCommand } from './command.ts';
import type { CloneInput, Context } from './context.ts';
import { cloneEnv } from './env.ts';
import { cloneHealth } from './health.ts';
import { cloneHostname } from './hostname.ts';
import { clonedOnly, inherited } from './inherit.ts';
import { cloneLabels } from './labels.ts';
import { type LeftOut, leave, type Part, unknownHere } from './left-out.ts';
import { cloneMounts } from './mounts.ts';
import { cloneNetwork } from './network.ts';
import { withoutPowers } from './powers.ts';

export interface Clone {
  readonly settings: ContainerSettings;
  readonly leftOut: readonly LeftOut[];
}

/** Each works out the settings that the table calls derived, and what of them is left out. */
const parts: readonly ((context: Context) => Part)[] = [
  cloneImageDefaults,
  cloneEnv,
  cloneLabels,
  cloneHealth,
  cloneMounts,
  cloneNetwork,
  cloneHostname,
  cloneInput,
  cloneProcess,
  cloneSharing,
  cloneRestarts,
];

/** What a sibling gets of self: pure, from what the engine says of self, as that was asked for when self was made. */
export function cloneSettings(input: CloneInput): Clone {
  const { self, sameImage, selfImage, request } = input;
  const kept = inherited(self.settings, request.inherit);
  const safe = request.inherit.safe ? withoutPowers(kept.settings, self) : { settings: kept.settings, leftOut: [] };
  const own = safe.settings;
  const context: Context = { ...input, own, subtracted: sameImage ? {} : (selfImage ?? {}) };
  const results = parts.map((part) => part(context));
  return {
    settings: given({ ...clonedOnly(own), ...merged(results) }),
    leftOut: [
      ...kept.leftOut,
      ...safe.leftOut,
      ...results.flatMap(({ leftOut }) => leftOut),
      ...(request.inherit.groups.length > 0 ? self.unmodelled.map(withoutPlace) : []),
    ],
  };
}

/** @throws NotSupportedError for what must not be lost and cannot be given */
function withoutPlace(setting: string): LeftOut {
  const field = fields[setting];
  if (field?.rule === 'refused') throw new NotSupportedError(`self has ${setting}: ${field.reason}`);
  return { setting, reason: field?.rule === 'dropped' ? field.reason : unknownHere };
}

function merged(results: readonly Part[]): ContainerSettings {
  return Object.assign({}, ...results.map(({ settings }) => settings)) as ContainerSettings;
}

function given(settings: ContainerSettings): ContainerSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** A value that equals the image's is the image's: another image has its own. */
function cloneImageDefaults({ own, subtracted }: Context): Part {
  const names = ['user', 'workingDir', 'stopSignal', 'shell'] as const;
  const ofImage = names.filter(
    (name) => own[name] !== undefined && JSON.stringify(own[name]) === JSON.stringify(subtracted[name]),
  );
  return {
    settings: Object.fromEntries(ofImage.map((name) => [name, undefined])),
    leftOut: ofImage.map((name) => leave(name, "it is of self's image")),
  };
}

/** An input that is open for a client would keep a process waiting that nobody can write to. */
function cloneInput({ own: { openStdin, stdinOnce } }: Context): Part {
  if (!openStdin) return { settings: {}, leftOut: [] };
  if (stdinOnce) return { settings: {}, leftOut: [leave('openStdin', 'it was open for the client that started self')] };
  return { settings: { openStdin }, leftOut: [] };
}

/** Whose namespaces it shares: that they are there is checked before. */
function cloneSharing({ own: { pidMode, ipcMode, cgroup } }: Context): Part {
  return { settings: { pidMode, ipcMode, cgroup }, leftOut: [] };
}

function cloneRestarts({ own, request: { restart, autoRemove } }: Context): Part {
  return {
    settings: { restartPolicy: restart ?? own.restartPolicy, autoRemove: autoRemove || undefined },
    leftOut: [],
  };
}

function cloneProcess({ own, selfImage, sameImage, request }: Context): Part {
  const { entrypoint, command, inherit, launcherPaths } = request;
  const asked = { entrypoint, command };
  if (!inherit.command) return { settings: asked, leftOut: [] };
  return { settings: cloneCommand({ own, ofOwnImage: selfImage, sameImage, asked, launcherPaths }), leftOut: [] };
}
