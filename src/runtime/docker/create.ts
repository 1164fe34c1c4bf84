import type { ContainerSpec, MountRequest } from '../container.ts';

type Json = Readonly<Record<string, unknown>>;

/** The body of `POST /containers/create`. What the spec leaves open is left out, so that the engine's defaults count. */
export function createBody(spec: ContainerSpec): Json {
  const body = {
    ...given({
      Image: spec.image,
      Labels: spec.labels,
      Env: spec.env,
      Entrypoint: spec.entrypoint,
      Cmd: spec.command,
      Tty: spec.tty,
      User: spec.user,
      WorkingDir: spec.workingDir,
    }),
    HostConfig: given({
      Binds: spec.binds,
      Mounts: spec.mounts?.map(mountBody),
      GroupAdd: spec.groupAdd,
      SecurityOpt: spec.securityOpt,
      Privileged: spec.privileged,
      PidMode: spec.pidMode,
      UsernsMode: spec.usernsMode,
      NetworkMode: spec.networkMode,
      RestartPolicy:
        spec.restartOnFailure === undefined
          ? undefined
          : { Name: 'on-failure', MaximumRetryCount: spec.restartOnFailure },
    }),
  };
  return spec.override === undefined ? body : (mergePatch(body, spec.override) as Json);
}

function mountBody({ type, source, target, readOnly, options }: MountRequest): Json {
  return given({ Type: type, Source: source, Target: target, ReadOnly: readOnly, ...options });
}

function given(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** RFC 7396, as it stands there: `null` removes, objects are merged, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    // Defined, not assigned: a member called __proto__ is data like any other.
    else define(merged, name, mergePatch(Object.hasOwn(merged, name) ? merged[name] : undefined, value));
  }
  return merged;
}

function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
