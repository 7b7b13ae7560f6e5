/**
 * Four projects. `npm test` runs `unit`, `contract` and `e2e`, which prove every behaviour once; `npm run test:all` runs `long`
 * too: crashes at every failpoint, DynamoDB's half of the suites that embedded storage runs in `e2e`, hostile forms, fleets.
 */

/** What every project shares. @type {import('jest').Config} */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    // The tests run what is shipped: swc, which compiles the tests, emits other decorator metadata than the build.
    '^(?:\\.\\.?/)+src/(.*)\\.js$': '<rootDir>/dist/$1.js',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** Specs that run in `long` only. */
const LONG_ONLY = ['<rootDir>/test/**/*.long.spec.ts', '<rootDir>/test/{faults,fleet}/**/*.spec.ts'];
const NOT_LONG = '!**/*.long.spec.ts';
/** Specs of which `contract` or `e2e` runs a part, and `long` the rest. */
const IN_BOTH = '<rootDir>/test/{contract,e2e}/**/*.more.spec.ts';

/** A project whose specs can read its name, see test/support/project.ts. */
const project = (displayName, testMatch) => ({
  ...common,
  displayName,
  testMatch,
  globals: { PULSEWATCH_PROJECT: displayName },
});

/** @type {import('jest').Config} */
export default {
  projects: [
    project('unit', ['<rootDir>/test/unit/**/*.spec.ts', NOT_LONG]),
    project('contract', ['<rootDir>/test/contract/**/*.spec.ts', NOT_LONG]),
    project('e2e', ['<rootDir>/test/{e2e,model}/**/*.spec.ts', NOT_LONG]),
    project('long', [...LONG_ONLY, IN_BOTH]),
  ],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  // More than the two cores of a small machine: many tests wait for servers, time-outs and other processes.
  maxWorkers: 3,
  // Modules of one spec are never given back to the next: a worker that holds this much of them is replaced.
  workerIdleMemoryLimit: '1GB',
  // Far above what any test takes: only a hang may hit it, not a busy machine.
  testTimeout: 120_000,
};
