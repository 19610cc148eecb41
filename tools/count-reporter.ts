import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line that a script can read: `tests: N passed, N failed, N skipped`. */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    // An error outside of every test must not look like a success, nor a file that does not load.
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      if (module.errors().length > 0) count.failed += 1;
    }
    const notRun = count.skipped + count.pending;
    process.stdout.write(`tests: ${count.passed} passed, ${count.failed} failed, ${notRun} skipped\n`);
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter that is given by path from its default export
export default CountReporter;
