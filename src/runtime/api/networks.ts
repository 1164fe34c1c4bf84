import type { NetworkEndpoint } from '../settings.ts';
import type { CallOptions } from './call.ts';

export interface Subnet {
  /** `172.30.0.0/16` */
  readonly subnet: string;
  readonly gateway?: string | undefined;
  /** The part of the subnet that addresses are taken from. */
  readonly ipRange?: string | undefined;
}

export interface NetworkSpec {
  readonly name: string;
  /** A network of that name that has not all of these is another's. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Default `bridge`. */
  readonly driver?: string | undefined;
  readonly driverOptions?: Readonly<Record<string, string>> | undefined;
  /** Bytes. */
  readonly mtu?: number | undefined;
  readonly subnets?: readonly Subnet[] | undefined;
  readonly ipv6?: boolean | undefined;
  /** No way out of it. */
  readonly internal?: boolean | undefined;
  readonly attachable?: boolean | undefined;
}

export interface NetworkRecord {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly subnets: readonly Subnet[];
  readonly internal: boolean;
  /** Ids of the containers in it that run, where the engine tells. */
  readonly containers: readonly string[];
}

export interface Networks {
  /** By name or id; `undefined` where there is none. */
  inspect(name: string, options?: CallOptions): Promise<NetworkRecord | undefined>;
  /** Those that bear all labels. */
  list(
    options?: CallOptions & { readonly labels?: Readonly<Record<string, string | true>> | undefined },
  ): Promise<NetworkRecord[]>;
  /**
   * The network of this name, made where there is none. Never a second one of the same name.
   * @throws ConflictError where one of that name has other labels, or is of another driver
   */
  ensure(spec: NetworkSpec, options?: CallOptions): Promise<{ id: string; created: boolean }>;
  /** Removes it; one that is not there is fine. @throws ConflictError while containers are in it */
  remove(name: string, options?: CallOptions): Promise<void>;
  /** Puts a container into it; one that is in it stays as it is. @throws NotFoundError */
  connect(name: string, container: string, endpoint: NetworkEndpoint, options?: CallOptions): Promise<void>;
  /** Takes a container out of it; one that is not in it is left alone. */
  disconnect(name: string, container: string, options?: CallOptions): Promise<void>;
}

export interface VolumeSpec {
  readonly name: string;
  /** A volume of that name that has not all of these is another's. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Default `local`. */
  readonly driver?: string | undefined;
  readonly driverOptions?: Readonly<Record<string, string>> | undefined;
}

export interface VolumeRecord {
  readonly name: string;
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driverOptions: Readonly<Record<string, string>>;
  /** On the engine's host. */
  readonly mountpoint: string;
}

export interface Volumes {
  /** By name; `undefined` where there is none. */
  inspect(name: string, options?: CallOptions): Promise<VolumeRecord | undefined>;
  /** Those that bear all labels. */
  list(
    options?: CallOptions & { readonly labels?: Readonly<Record<string, string | true>> | undefined },
  ): Promise<VolumeRecord[]>;
  /**
   * The volume of this name, made where there is none.
   * @throws ConflictError where one of that name has other labels, or is of another driver
   */
  ensure(spec: VolumeSpec, options?: CallOptions): Promise<{ name: string; created: boolean }>;
  /** Removes it; one that is not there is fine. @throws ConflictError while containers use it */
  remove(name: string, options?: CallOptions): Promise<void>;
}
