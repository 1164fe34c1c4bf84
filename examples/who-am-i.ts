// Which container is this, how sure is that, and what of the host is in it? Runs in a container that reaches its engine.
import { inspectSelf } from 'offshoot';

const { record, proof, evidence } = await inspectSelf({ env: process.env });

console.log(`I am ${record.name} (${record.id.slice(0, 12)}), of ${record.image.reference}`);
console.log(`  found by ${evidence.join(', ')}, proved by ${proof}`);
for (const { type, source, destination } of record.mountPoints) console.log(`  ${type} ${source} → ${destination}`);
