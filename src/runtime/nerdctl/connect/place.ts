import { EngineUnavailableError, InvalidRequestError } from '../../../errors.ts';
import { namespaceInCgroup, ownPlace } from './own-place.ts';
import { type Shim, shimAround } from './shim.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where in containerd we are, as far as something tells it. None of it is a proof. */
export interface Place {
  /** That of our container; else the one that is named; else what is usual. */
  readonly namespace: string;
  /** Did somebody name it, of whom we do not know whether he is right? */
  readonly unsure: boolean;
  /** The container that is most likely ours. */
  readonly likely: { readonly reference: string; readonly evidence: string } | undefined;
  /** containerd's socket, as the host has it. */
  readonly address: string | undefined;
}

/** @throws InvalidRequestError where another namespace is named, EngineUnavailableError in a container of Docker's */
export function findPlace(named: string | undefined, env: Environment): Place {
  const byMounts = ownPlace();
  const shim = shimAround();
  const own = byMounts?.namespace ?? shim?.namespace;
  const wanted = named ?? namespaceIn(env);
  if (wanted !== undefined && own !== undefined && own !== wanted) throw otherNamespace(wanted, own);
  if (own === namespaceOfDocker && wanted === undefined) throw dockers();
  return {
    namespace: own ?? wanted ?? namespaceInCgroup() ?? usualNamespace(env),
    unsure: own === undefined && wanted !== undefined,
    likely: byMounts
      ? { reference: byMounts.id, evidence: "a mount of nerdctl's" }
      : shim && { reference: shim.id, evidence: 'the shim that runs us' },
    address: addressOf(shim),
  };
}

/** That of a Docker in our container is a path of that container. */
function addressOf(shim: Shim | undefined): string | undefined {
  return shim?.namespace === namespaceOfDocker ? undefined : shim?.address;
}

/** As everybody names it. */
function namespaceIn(env: Environment): string | undefined {
  return ['OFFSHOOT_NAMESPACE', 'NERDCTL_NAMESPACE', 'CONTAINERD_NAMESPACE'].map((name) => env[name]).find(Boolean);
}

/** Where nothing tells our own: nerdctl's, or that of the tool in whose place we stand. */
function usualNamespace(env: Environment): string {
  return env['OFFSHOOT_COMPAT'] === 'waitdaemon' ? 'tinkerbell' : 'default';
}

const namespaceOfDocker = 'moby';

function otherNamespace(named: string, own: string): InvalidRequestError {
  const problem = `"${named}": this container is in the namespace ${own}, and cannot be found in another`;
  return new InvalidRequestError([{ name: 'OFFSHOOT_NAMESPACE', problem }]);
}

function dockers(): EngineUnavailableError {
  return new EngineUnavailableError("this container is Docker's, whose containers are not made by nerdctl", {
    hint: 'Mount its socket: docker run -v /var/run/docker.sock:/var/run/docker.sock …',
  });
}
