import { defineConfig } from 'vitest/config';

const engines = {
  globalSetup: ['test/support/global-engines.ts'],
  // Starting a container takes a fifth of a second on an idle machine; several tests run at once.
  testTimeout: 60_000,
  hookTimeout: 180_000,
  // Thousands of tests on real engines and a machine that may be busy: one that fails is asked once more, and named at the end.
  retry: 1,
};

export default defineConfig({
  test: {
    restoreMocks: true,
    // They mostly wait for engines.
    maxWorkers: 2,
    unstubEnvs: true,
    reporters: ['default', './test/support/contract-matrix.ts', './test/support/last-words.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...engines } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...engines } },
    ],
  },
});
