import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';

describe('the lifecycle', () => {
  it('goes from starting over running to draining', () => {
    const lifecycle = new Lifecycle();
    expect(lifecycle.phase).toBe('starting');
    lifecycle.started();
    expect([lifecycle.phase, lifecycle.draining.aborted]).toEqual(['running', false]);
    lifecycle.onModuleDestroy();
    expect([lifecycle.phase, lifecycle.draining.aborted, lifecycle.halting.aborted]).toEqual([
      'draining',
      true,
      false,
    ]);
    lifecycle.onApplicationShutdown();
  });

  it('lets work go on for the grace, and no longer', async () => {
    const lifecycle = new Lifecycle(1);
    const halted = once(lifecycle.halting, 'abort');
    lifecycle.onModuleDestroy();
    expect(lifecycle.halting.aborted).toBe(false);
    await halted;
    expect(() => lifecycle.halting.throwIfAborted()).toThrow();
  });

  it('ends the grace early when nothing is left to wait for', () => {
    const lifecycle = new Lifecycle();
    lifecycle.onModuleDestroy();
    lifecycle.onApplicationShutdown();
    expect(lifecycle.halting.aborted).toBe(true);
  });

  it('that ends before it has started is draining', () => {
    const lifecycle = new Lifecycle();
    lifecycle.onModuleDestroy();
    lifecycle.started();
    expect(lifecycle.phase).toBe('draining');
    lifecycle.onApplicationShutdown();
  });
});
