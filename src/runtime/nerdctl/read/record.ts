import type { ContainerRecord, ContainerState, ContainerSummary, ImageConfig } from '../../container.ts';
import type { ContainerSettings } from '../../settings.ts';
import { healthcheckOf } from './image.ts';
import { booksOf, ownLabels } from './labels.ts';
import type { NativeContainer } from './native.ts';
import { readLabel } from '../command/read.ts';
import { defined, readLimits } from './read-limits.ts';
import { readMounts } from './read-mounts.ts';
import { joinedByOthers, readNetworks } from './read-networks.ts';
import { readPrivileges } from './read-privileges.ts';
import { readProcess } from './read-process.ts';

export interface RecordInput {
  readonly native: NativeContainer;
  readonly state: ContainerState;
  /** Undefined where its image is no longer there. */
  readonly image: { readonly id: string; readonly config: ImageConfig | undefined } | undefined;
  /** The capabilities that the host can give. */
  readonly givable: readonly string[];
}

export function containerRecord({ native, state, image, givable }: RecordInput): ContainerRecord {
  const ofImage = image?.config ?? {};
  const { settings: mounts, mountPoints } = readMounts(native);
  const privileges = readPrivileges(native, givable);
  const { devices, ...limits } = readLimits(native);
  const labels = ownLabels(native);
  return {
    id: native.ID,
    name: nameOf(native),
    createdAt: native.CreatedAt || undefined,
    image: {
      reference: native.Image,
      id: image?.id ?? native.Image,
      platform: native.Labels['nerdctl/platform'],
    },
    state,
    settings: {
      ...readProcess(native, ofImage),
      ...readNetworks(native),
      ...limits,
      // Privileged containers have every device of the host.
      ...(devices !== undefined && (!privileges.privileged || isNerdctls(native)) && { devices }),
      ...privileges,
      ...mounts,
      ...readRest(native, ofImage),
      ...(Object.keys(labels).length > 0 && { labels }),
    },
    labels,
    mountPoints,
    // Snapshots are numbered: another engine on this machine can have the same number.
    upperDir: undefined,
    unmodelled: joinedByOthers(native),
  };
}

export function containerSummary(native: NativeContainer): ContainerSummary {
  return {
    id: native.ID,
    name: nameOf(native),
    status: statusOf(native),
    createdAt: native.CreatedAt === '' ? undefined : new Date(native.CreatedAt),
    image: native.Image || undefined,
    labels: ownLabels(native),
    networkMode: readNetworks(native).networkMode ?? '',
    mountDestinations: readMounts(native).mountPoints.map(({ destination }) => destination),
  };
}

/** Of one without a task a file tells whether it was ever started, and that is one more question for each. */
function statusOf({ Process }: NativeContainer): string | undefined {
  const status = Process?.Status.Status;
  return status === 'stopped' ? 'exited' : status;
}

/** Those of `ctr` have none; their id is what people call them. */
function nameOf({ ID, Labels }: NativeContainer): string {
  return Labels['nerdctl/name'] || ID;
}

function isNerdctls({ Labels }: NativeContainer): boolean {
  return Labels['nerdctl/host-config'] !== undefined;
}

const stopSignalLabel = 'io.containerd.image.config.stop-signal';

function readRest(native: NativeContainer, image: ImageConfig): ContainerSettings {
  const { Labels, Spec, Runtime } = native;
  const { log } = booksOf(native);
  const annotations = Object.entries(Spec.annotations).filter(
    ([name]) => !/^(?:nerdctl\/|io\.kubernetes\.|io\.offshoot\.)/.test(name),
  );
  const [policy, count] = (Labels['containerd.io/restart.policy'] ?? '').split(':');
  const signal = Labels[stopSignalLabel];
  const options = Object.entries(log?.opts ?? {});
  const isUsualLog = log === undefined || (log.driver === 'json-file' && options.length === 0);
  return defined({
    stopSignal: signal === (image.stopSignal ?? 'SIGTERM') ? image.stopSignal : signal,
    stopTimeout: Labels['nerdctl/stop-timeout'] ? Number(Labels['nerdctl/stop-timeout']) : undefined,
    healthcheck: readLabel(Labels['nerdctl/healthcheck'], healthcheckOf),
    annotations: annotations.length > 0 ? Object.fromEntries(annotations) : undefined,
    runtime: Runtime?.Name === 'io.containerd.runc.v2' ? undefined : Runtime?.Name,
    logConfig: isUsualLog
      ? undefined
      : { type: log.driver, ...(options.length > 0 && { config: Object.fromEntries(options) }) },
    restartPolicy: policy
      ? { name: policy, ...(count !== undefined && { maximumRetryCount: Number(count) }) }
      : undefined,
    autoRemove: Labels['nerdctl/auto-remove'] === 'true' || undefined,
    exposedPorts: image.exposedPorts,
  });
}
