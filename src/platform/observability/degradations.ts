import { Injectable } from '@nestjs/common';

/** What helps, is not needed, and may be away: told by the readiness probe. */
@Injectable()
export class Degradations {
  private readonly checks: { readonly name: string; readonly isAway: () => boolean }[] = [];

  /** Watches a helper. `isAway` must answer at once, and must not throw. */
  watch(name: string, isAway: () => boolean): void {
    this.checks.push({ name, isAway });
  }

  /** The names of those that are away, each once. */
  get current(): string[] {
    return [...new Set(this.checks.filter(({ isAway }) => isAway()).map(({ name }) => name))];
  }
}
