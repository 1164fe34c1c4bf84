// A runtime under a name of one's own, here Docker's with a word about everything that is made: runtime-of-my-own.ts IMAGE
import { availableRuntimes, detectRuntime, registerRuntime, type Runtime } from 'offshoot';

registerRuntime('audited', async (env, options) => {
  const docker = await detectRuntime('docker', env, options);
  const audited: Runtime = {
    ...docker,
    kind: 'audited',
    async create(spec, callOptions) {
      const made = await docker.create(spec, callOptions);
      console.log(`made ${spec.name} of ${spec.image}`);
      return made;
    },
  };
  return audited;
});

const [image = 'busybox'] = process.argv.slice(2);
console.log(availableRuntimes().filter(({ registered }) => registered));

// `auto` would ask it after the built-in ones; so would OFFSHOOT_RUNTIME of the launcher, had it this file.
const runtime = await detectRuntime('audited', process.env);
const { id } = await runtime.create({ name: `audited-${process.pid}`, image, command: ['true'] });
await runtime.remove(id);
await runtime.close();
