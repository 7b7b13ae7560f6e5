import { Injectable } from '@nestjs/common';

/** Optional services that can be unavailable. The readiness probe reports them. */
@Injectable()
export class Degradations {
  private readonly checks: { readonly name: string; readonly isUnavailable: () => boolean }[] = [];

  /** Registers an optional service. `isUnavailable` must return at once and must not throw. */
  watch(name: string, isUnavailable: () => boolean): void {
    this.checks.push({ name, isUnavailable });
  }

  /** The names of the services that are unavailable now, each once. */
  get current(): string[] {
    return [...new Set(this.checks.filter(({ isUnavailable }) => isUnavailable()).map(({ name }) => name))];
  }
}
