import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Audience, Delivery, Notifier } from '../../src/delivery/channels/notifier.js';
import type { Notification } from '../../src/domain/notifications/notification.js';

/** A peer that answers. */
export interface NotifierPeer {
  readonly port: number;
  /** How many messages have arrived. */
  readonly received: number;
  /** Answers the next message so, with a text that holds every secret where the protocol has room for one. */
  next(status: number): void;
  stop(): Promise<void>;
}

/** One kind of channel, as the contract needs it. */
export interface NotifierKind {
  readonly name: string;
  readonly audience: Audience;
  readonly pauseMs: number;
  /** Starts what all tests of the kind share. */
  prepare?(): Promise<{ remove(): Promise<void> }>;
  start(): Promise<NotifierPeer>;
  /** A notifier to a port of this machine. It knows every one of {@link secrets}. */
  open(port: number, timeoutMs: number): Notifier;
  /** Parts of addresses, keys and passwords. */
  readonly secrets: readonly string[];
  readonly notification: Notification;
  /** What a peer may answer, and what that means. */
  readonly statuses: readonly (readonly [status: number, Delivery])[];
}

/** Long enough for any machine: nothing waits for it. */
const LONG_MS = 60_000;
const never = new AbortController().signal;

/** What every kind of channel promises to the pipeline. */
export function notifierContract(kind: NotifierKind): void {
  describe(`a notifier of the kind ${kind.name}`, () => {
    let shared: { remove(): Promise<void> } | undefined;
    let silent: SilentPeer;
    const opened: Notifier[] = [];
    const logged: unknown[] = [];
    beforeAll(async () => {
      shared = await kind.prepare?.();
      const keep = (...parts: unknown[]): void => void logged.push(parts);
      Logger.overrideLogger({ log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep });
    });
    afterAll(async () => {
      Logger.overrideLogger(true);
      await shared?.remove();
    });
    beforeEach(async () => {
      silent = await SilentPeer.start();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((notifier) => notifier.close()));
      await silent.stop();
    });

    const open = (port: number, timeoutMs = LONG_MS): Notifier => {
      const notifier = kind.open(port, timeoutMs);
      opened.push(notifier);
      return notifier;
    };
    const deliver = (notifier: Notifier, signal = never) => notifier.deliver(kind.notification, signal);
    /** Asserts that no secret shows in what is printed of these, nor in the log. */
    function expectNoSecret(...shown: readonly unknown[]): void {
      const text = [...shown, logged]
        .map((what) => inspect(what, { depth: 9, showHidden: true }) + JSON.stringify(what))
        .join();
      for (const secret of kind.secrets) expect(text).not.toContain(secret);
    }

    it('says for whom it writes, and how fast', () => {
      const { audience, pauseMs } = open(silent.port);
      expect([audience, pauseMs]).toEqual([kind.audience, kind.pauseMs]);
    });

    it('means by each answer what the pages of its peer say, and makes one attempt a call', async () => {
      const peer = await kind.start();
      const notifier = open(peer.port);
      const deliveries: Delivery[] = [];
      for (const [index, [status, delivery]] of kind.statuses.entries()) {
        peer.next(status);
        const result = await deliver(notifier);
        deliveries.push(result);
        expect([status, result]).toEqual([status, delivery]);
        expect(peer.received).toBe(index + 1);
      }
      expectNoSecret(notifier, deliveries);
      await peer.stop();
    });

    it('ends in time at a peer that says nothing, and may be tried again', async () => {
      const notifier = open(silent.port, 100);
      const result = await deliver(notifier);
      expect(result).toEqual({ outcome: 'failed', retryable: true, reason: 'no answer in time' });
      await silent.left();
      expectNoSecret(notifier, result);
    });

    it('ends at once when it is aborted, which is no failure of the peer', async () => {
      const stop = new AbortController();
      const notifier = open(silent.port);
      silent.onConnection(() => stop.abort());
      const running: unknown = await deliver(notifier, stop.signal).catch((error: unknown) => error);
      expect(running).toMatchObject({ name: 'AbortError' });
      await silent.left();
      const before: unknown = await Promise.resolve()
        .then(() => deliver(notifier, stop.signal))
        .catch((error: unknown) => error);
      expect(before).toMatchObject({ name: 'AbortError' });
      expect(silent.connections).toBe(1);
      expectNoSecret(notifier, running, before);
    });

    it('may be tried again where the peer hangs up, or is not there', async () => {
      silent.onConnection((socket) => socket.destroy());
      const notifier = open(silent.port);
      const hungUp = await deliver(notifier);
      await silent.stop();
      const absent = await deliver(notifier);
      for (const result of [hungUp, absent])
        expect(result).toEqual({
          outcome: 'failed',
          retryable: true,
          reason: expect.stringMatching(/^no connection( \(\w+\))?$/),
        });
      expectNoSecret(notifier, hungUp, absent);
      silent = await SilentPeer.start();
    });
  });
}

/** A server on loopback that accepts connections and says nothing. */
class SilentPeer {
  connections = 0;
  private readonly open = new Set<Socket>();
  private listener: (socket: Socket) => void = () => undefined;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections += 1;
      this.open.add(socket);
      socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
      socket.resume();
      this.listener(socket);
    });
  }

  static async start(): Promise<SilentPeer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SilentPeer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  onConnection(listener: (socket: Socket) => void): void {
    this.listener = listener;
  }

  /** Once every connection so far has ended. */
  async left(): Promise<void> {
    await Promise.all(Array.from(this.open, (socket) => once(socket, 'close')));
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
