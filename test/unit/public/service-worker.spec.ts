import { readFile } from 'node:fs/promises';
import { createContext, runInContext } from 'node:vm';
import { beforeEach, describe, expect, it } from '@jest/globals';

const ORIGIN = 'https://pulsewatch.example.com';
const MESSAGE = {
  ...{ id: 'n-1', title: 'Sales is critical', body: 'Sales: critical', tag: 'T', tone: 'critical', at: 7 },
  url: `${ORIGIN}/hr/`,
};

interface Notice {
  readonly title: string;
  readonly tag: string;
  readonly data?: { id?: string; url?: string };
  readonly [option: string]: unknown;
}

/** A browser around the worker: what it shows, which pages are open, and what they are told. */
class Browser {
  readonly shown: Notice[] = [];
  readonly done: string[] = [];
  readonly pages: string[] = [];
  subscribe = (options: unknown): Promise<unknown> =>
    Promise.resolve(this.done.push(`subscribe ${String(options)}`));
  private readonly listeners = new Map<string, (event: unknown) => void>();

  constructor(script: string) {
    const self = {
      addEventListener: (type: string, listener: (event: unknown) => void) =>
        this.listeners.set(type, listener),
      skipWaiting: () => this.done.push('skipWaiting'),
      registration: {
        scope: `${ORIGIN}/hr/live/`,
        getNotifications: ({ tag }: Notice) =>
          Promise.resolve(this.shown.filter((notice) => notice.tag === tag)),
        showNotification: (title: string, options: object) => {
          this.shown.push({ title, ...options } as Notice);
          return Promise.resolve();
        },
        pushManager: { subscribe: (options: unknown) => this.subscribe(options) },
      },
      clients: {
        matchAll: ({ type, includeUncontrolled }: { type: string; includeUncontrolled: boolean }) =>
          Promise.resolve(
            type === 'window' && includeUncontrolled ? this.pages.map((url) => this.page(url)) : [],
          ),
        openWindow: (url: string) => Promise.resolve(this.done.push(`open ${url}`)),
      },
    };
    runInContext(script, createContext({ self, URL, Date }));
  }

  /** Fires an event; resolves when the worker is done with it. */
  async fire(type: string, event: object = {}): Promise<void> {
    const work: Promise<unknown>[] = [];
    this.listeners.get(type)?.({ ...event, waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  }

  push(text: string | null): Promise<void> {
    return this.fire('push', { data: text === null ? null : { json: () => JSON.parse(text) as unknown } });
  }

  click(url: unknown): Promise<void> {
    return this.fire('notificationclick', {
      notification: { data: { url }, close: () => this.done.push('close') },
    });
  }

  private page(url: string): object {
    return {
      url,
      focus: () => Promise.resolve(this.done.push(`focus ${url}`)),
      postMessage: (message: object) => this.done.push(`tell ${url} ${JSON.stringify(message)}`),
    };
  }
}

let script = '';
let browser: Browser;
beforeEach(async () => {
  if (script === '') script = await readFile('public/live/service-worker.js', 'utf8');
  browser = new Browser(script);
});

describe('the service worker', () => {
  it('shows what was pushed', async () => {
    await browser.push(JSON.stringify(MESSAGE));
    expect(browser.shown).toEqual([
      {
        ...{ title: MESSAGE.title, body: MESSAGE.body, tag: 'T', timestamp: 7 },
        ...{ renotify: true, requireInteraction: true, data: { id: 'n-1', url: MESSAGE.url } },
      },
    ]);
  });

  it('makes a message heard that replaces another one, and not the same one again', async () => {
    await browser.push(JSON.stringify(MESSAGE));
    await browser.push(JSON.stringify(MESSAGE));
    await browser.push(JSON.stringify({ ...MESSAGE, id: 'n-2', tone: 'resolved' }));
    expect(browser.shown.map(({ renotify }) => renotify)).toEqual([true, false, true]);
    expect(browser.shown.map(({ requireInteraction }) => requireInteraction)).toEqual([true, true, false]);
  });

  it.each([null, '', 'no JSON', 'null', '[]', '{"title":7,"tag":"T"}', '{"title":"T"}'])(
    'says that there is news where it cannot read %j',
    async (text) => {
      await browser.push(text);
      expect(browser.shown).toMatchObject([
        { title: 'Pulsewatch', body: 'Open the page to see new alerts.', tag: 'unreadable' },
      ]);
    },
  );

  it('opens the page of a message, or its own where that is elsewhere or none', async () => {
    for (const url of [`${ORIGIN}/hr/?a=1`, 'https://evil.example.com/', 'javascript:alert(1)', undefined])
      await browser.click(url);
    const own = `open ${ORIGIN}/hr/`;
    expect(browser.done).toEqual(['close', `${own}?a=1`, 'close', own, 'close', own, 'close', own]);
  });

  it('brings the page to the front that is open', async () => {
    browser.pages.push('https://evil.example.com/hr/', `${ORIGIN}/docs`, `${ORIGIN}/hr/#alerts`);
    await browser.click(MESSAGE.url);
    expect(browser.done).toEqual(['close', `focus ${ORIGIN}/hr/#alerts`]);
  });

  it('has an open page tell the server of a new subscription', async () => {
    browser.pages.push(`${ORIGIN}/hr/`);
    const told = `tell ${ORIGIN}/hr/ {"type":"subscription-changed"}`;
    await browser.fire('pushsubscriptionchange', { newSubscription: {} });
    expect(browser.done.splice(0)).toEqual([told]);
    await browser.fire('pushsubscriptionchange', { oldSubscription: { options: 'as before' } });
    expect(browser.done.splice(0)).toEqual(['subscribe as before', told]);
    browser.subscribe = () => Promise.reject(new Error('no push service'));
    await browser.fire('pushsubscriptionchange', { oldSubscription: { options: 'as before' } });
    expect([browser.done, browser.shown]).toEqual([[told], []]);
  });

  it('asks for the page to be opened where none is', async () => {
    await browser.fire('pushsubscriptionchange', {});
    expect(browser.shown).toMatchObject([{ body: expect.stringMatching(/^Open the page/) }]);
  });

  it('takes over from an older one at once', async () => {
    await browser.fire('install');
    expect(browser.done).toEqual(['skipWaiting']);
  });
});
