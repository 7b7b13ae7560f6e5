/** The configuration cannot be used. Lists every bad setting by name, never its value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(
      [
        'Pulsewatch cannot start: the configuration is not valid.',
        ...problems.map((line) => `  - ${line}`),
      ].join('\n'),
    );
  }
}
