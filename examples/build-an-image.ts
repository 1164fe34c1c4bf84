// Builds a folder and says how it goes, line by line: build-an-image.ts FOLDER TAG
import { BuildError, detectRuntime } from 'offshoot';

const [context = '.', tag = 'offshoot-example:latest'] = process.argv.slice(2);
const runtime = await detectRuntime('auto', process.env);

try {
  const { id, builder, dropped } = await runtime.images.build(
    { context, tags: [tag], labels: { 'com.example.app': 'demo' } },
    { onProgress: ({ message }) => console.error(message.trimEnd()) },
  );
  console.log(`${tag} is ${id}, by ${builder}`);
  if (dropped > 0) console.error(`(${dropped} lines came too fast)`);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitStatus;
} finally {
  await runtime.close();
}
