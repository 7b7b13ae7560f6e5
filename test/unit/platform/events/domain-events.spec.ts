import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { DomainEvents, ListenerError } from '../../../../src/platform/events/domain-events.js';

Logger.overrideLogger(false);

describe('DomainEvents', () => {
  it('resolves when every listener is done', async () => {
    const events = new DomainEvents(new EventEmitter2());
    const heard: string[] = [];
    events.listen('sync.failed', async ({ code }) => {
      await Promise.resolve();
      heard.push(code);
    });
    await events.publish('sync.failed', { syncId: '1', code: 'a' });
    expect(heard).toEqual(['a']);
  });

  it('runs the other listeners when one fails, and tells the publisher', async () => {
    const events = new DomainEvents(new EventEmitter2());
    const heard: string[] = [];
    const cause = new Error('broken');
    events.listen('sync.failed', () => {
      throw cause;
    });
    events.listen('sync.failed', ({ code }) => void heard.push(code));
    const failure: unknown = await events
      .publish('sync.failed', { syncId: '1', code: 'a' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenerError);
    expect(failure).toMatchObject({ errors: [cause] });
    expect(heard).toEqual(['a']);
  });

  it('tells every failure at once, and is settled after it', async () => {
    const events = new DomainEvents(new EventEmitter2());
    for (const name of ['first', 'second'])
      events.listen('sync.failed', () => Promise.reject(new Error(name)));
    const publishing = events.publish('sync.failed', { syncId: '1', code: 'a' });
    await expect(events.settled()).resolves.toBeUndefined();
    await expect(publishing).rejects.toMatchObject({
      name: 'ListenerError',
      errors: [new Error('first'), new Error('second')],
    });
  });

  it('is done at once when nobody listens', async () => {
    const events = new DomainEvents(new EventEmitter2());
    await expect(events.publish('sync.failed', { syncId: '1', code: 'a' })).resolves.toBeUndefined();
  });

  it('forgets a listener that was removed', async () => {
    const events = new DomainEvents(new EventEmitter2());
    const heard: string[] = [];
    events.listen('sync.failed', ({ code }) => void heard.push(code))();
    await events.publish('sync.failed', { syncId: '1', code: 'a' });
    expect(heard).toEqual([]);
  });

  it('is settled when the events that listeners publish are handled too', async () => {
    const events = new DomainEvents(new EventEmitter2());
    const heard: string[] = [];
    events.listen('sync.completed', ({ syncId }) =>
      events.publish('sync.failed', { syncId, code: 'second' }),
    );
    events.listen('sync.failed', async ({ code }) => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push(code);
    });
    void events.publish('sync.completed', { syncId: '1', rowsWritten: 0 });
    await events.settled();
    expect(heard).toEqual(['second']);
  });
});
