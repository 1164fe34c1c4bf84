import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * A reporter whose words come last, where whoever sees only the end of a long log finds them: what failed, and what
 * passed only when it was repeated. The latter is a fault as well, of ours or of the test, that waits to be found.
 */
export default class LastWords implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const flaky = tests.filter((test) => test.diagnostic()?.flaky);
    const failed = tests.filter((test) => test.result().state === 'failed');
    print('Failed', [...modules.flatMap(broken), ...failed.map(words)]);
    print('Passed only when repeated', flaky.map(words));
  }
}

/** Of a file that could not be read, and of what was to be set up before its tests. */
function broken(module: TestModule): string[] {
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  return [...module.errors(), ...suites].map(({ message }) => `${module.relativeModuleId}: ${firstLine(message)}`);
}

function words(test: TestCase): string {
  const reasons = (test.result().errors ?? []).map(({ message }) => `\n    ${firstLine(message)}`);
  return `${test.module.relativeModuleId} > ${test.fullName}${reasons.join('')}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function print(title: string, lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`\n${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
