// node connect-as-nobody.ts DOCKER_HOST: what a user without any rights is told. Root may open every socket, and the
// folder of the project may be closed to others, so the program is loaded first and gives its rights up then.
import { dockerRuntime } from '../../src/runtime/docker/runtime.ts';
import { OffshootError } from '../../src/errors.ts';

const nobody = 65534;
process.setgroups?.([]);
process.setgid?.(nobody);
process.setuid?.(nobody);

const host = process.argv[2];
try {
  await dockerRuntime({ DOCKER_HOST: host }, { signal: new AbortController().signal });
  process.stdout.write('{}');
} catch (error) {
  if (!(error instanceof OffshootError)) throw error;
  const { name, message, hint, exitStatus } = error;
  process.stdout.write(JSON.stringify({ name, message, hint, exitStatus }));
}
