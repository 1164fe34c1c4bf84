import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cloneSettings } from '../../../src/clone/clone.ts';
import { launcherPaths } from '../../../src/launch/paths.ts';
import { inheritAll } from '../../../src/plan/inherit.ts';
import { readContainer, readImage } from '../../../src/runtime/docker/create/inspect.ts';
import { containerOfPodman } from '../../../src/runtime/docker/podman/podman.ts';
import { imageOfPodman } from '../../../src/runtime/docker/podman/podman-image.ts';
import { isControl } from './support.ts';

// See the README beside them: real answers of real engines, and what comes of them.
const folder = fileURLToPath(new URL('../../fixtures/inspects/', import.meta.url));
const engines = readdirSync(folder).filter((name) => /^(?:docker|podman)-/.test(name));

function answer(engine: string, name: string): unknown {
  return JSON.parse(readFileSync(`${folder}${engine}/${name}.json`, 'utf8'));
}

describe.each(engines)('siblings of containers on %s', (engine) => {
  const names = readdirSync(`${folder}${engine}`).map((file) => file.replace('.json', ''));

  it.each(names.filter((name) => name !== 'image'))('%s', async (name) => {
    const isPodman = engine.startsWith('podman');
    const [container, image] = [answer(engine, name), answer(engine, 'image')];
    const self = readContainer(isPodman ? containerOfPodman(container) : container);
    const { config } = readImage(isPodman ? imageOfPodman(image, undefined) : image);
    const request = { inherit: inheritAll, isControl, launcherPaths };
    const [sameImage, anotherImage] = [true, false].map((same) =>
      cloneSettings({ self, selfImage: config, sameImage: same, request }),
    );
    const text = `${JSON.stringify({ sameImage, anotherImage }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`${folder}golden/${engine}/${name}.json`);
    expect(self.unmodelled).toEqual([]);
  });
});
