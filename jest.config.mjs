/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
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
  // More than the two cores of a small machine: many tests wait for servers, time-outs and other processes.
  maxWorkers: 3,
  // Modules of one spec are never given back to the next: a worker that holds this much of them is replaced.
  workerIdleMemoryLimit: '1GB',
  // Far above what any test takes: only a hang may hit it, not a busy machine.
  testTimeout: 120_000,
};
