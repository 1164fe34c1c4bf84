// A conversation with a process in a container that runs: talk-to-a-process.ts CONTAINER
import { detectRuntime } from 'offshoot';

const [container = ''] = process.argv.slice(2);
const runtime = await detectRuntime('auto', process.env);

const { exitCode, stdout } = await runtime.exec.run(container, { command: ['uname', '-s'] });
console.log(`it runs ${stdout.trim()} (${exitCode})`);

const sorting = await runtime.exec.stream(container, { command: ['sort'], stdin: true });
for (const word of ['pear', 'apple', 'fig']) await sorting.write(`${word}\n`);
await sorting.closeStdin(); // its output goes on
for await (const { data } of sorting.output) process.stdout.write(data);
console.log(`sort has ended with ${(await sorting.wait()).exitCode}`);

await runtime.close();
