import { expectTypeOf, it } from 'vitest';
import type {
  Adapter,
  CallOptions,
  ContainerdDaemon,
  ContainerSpec,
  detectRootless,
  resolvConfSource,
  resolveContainerdAddress,
  resolveDockerHost,
  Runtime,
  RuntimeEvent,
  TimezoneSpec,
} from '../../src/index.ts';

it('the signal is optional for who calls, and always there for an adapter', () => {
  expectTypeOf<Parameters<Runtime['inspect']>[1]>().toEqualTypeOf<CallOptions | undefined>();
  expectTypeOf<Parameters<Adapter['inspect']>[1]['signal']>().toEqualTypeOf<AbortSignal>();
  expectTypeOf<Runtime>().toExtend<Adapter>();
});

it('results say what may be missing', () => {
  expectTypeOf<Awaited<ReturnType<Runtime['images']['exists']>>>().toEqualTypeOf<boolean>();
  expectTypeOf<Awaited<ReturnType<Runtime['wait']>>>().toEqualTypeOf<{ exitCode: number }>();
  expectTypeOf<Awaited<ReturnType<Runtime['compose']['containerId']>>>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Awaited<ReturnType<Runtime['status']>>>().toExtend<string>();
  expectTypeOf<RuntimeEvent['inferred']>().toEqualTypeOf<true | undefined>();
});

it('what the host tells fits into what a container is made of', () => {
  expectTypeOf<TimezoneSpec>().toExtend<Pick<ContainerSpec, 'env' | 'mounts'>>();
  expectTypeOf<ReturnType<typeof resolvConfSource>>().toEqualTypeOf<string>();
  expectTypeOf<ReturnType<typeof detectRootless>>().toEqualTypeOf<{
    readonly rootless: boolean;
    readonly reason: string;
  }>();
  expectTypeOf<ReturnType<typeof resolveDockerHost>['host']>().toEqualTypeOf<string>();
  expectTypeOf<ReturnType<typeof resolveContainerdAddress>['childPid']>().toEqualTypeOf<number | undefined>();
});

it('snapshots and tasks say what may be missing, too', () => {
  type Result<Call extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<Call>>;
  expectTypeOf<Result<Runtime['tasks']['get']>>().toEqualTypeOf<Result<Runtime['tasks']['list']>[number] | undefined>();
  expectTypeOf<Result<Runtime['tasks']['list']>[number]['exitCode']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Parameters<Runtime['snapshots']['createContainer']>[1]>().not.toHaveProperty('image');
  expectTypeOf<Result<Runtime['snapshots']['mount']>['unmount']>().toBeCallableWith();
  expectTypeOf<Result<Runtime['cni']['attach']>['addresses']>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<Awaited<ReturnType<ContainerdDaemon['ensureStarted']>>['started']>().toEqualTypeOf<boolean>();
});
