import { describe, expect, it } from '@jest/globals';
import { PeerLiveness } from '../../../../src/delivery/alerts/peer-liveness.js';

/** Stands for a TCP socket: what was given to it, and what of it still waits. */
class FakeSocket {
  bytesWritten = 0;
  writableLength = 0;
  give(bytes: number): void {
    this.bytesWritten += bytes;
    this.writableLength += bytes;
  }
  take(bytes: number): void {
    this.writableLength -= bytes;
  }
}

const begin = (answersPings = true) => {
  const socket = new FakeSocket();
  return { socket, liveness: new PeerLiveness(socket, 60, answersPings) };
};

describe('the liveness of a peer', () => {
  it('is that of one who answers each ping', () => {
    const { liveness } = begin();
    for (let now = 0; now < 300; now += 30) {
      expect(liveness.beat(now)).toBe('alive');
      liveness.heard();
    }
  });

  it('ends when nothing waits for the peer and it has not answered', () => {
    const { liveness } = begin();
    expect([liveness.beat(0), liveness.beat(30)]).toEqual(['alive', 'dead_peer']);
  });

  it('is not doubted where the protocol has no answer', () => {
    const { liveness } = begin(false);
    for (let now = 0; now < 300; now += 30) expect(liveness.beat(now)).toBe('alive');
  });

  it.each([true, false])('ends when nothing is taken for the whole limit (answers pings: %s)', (answers) => {
    const { socket, liveness } = begin(answers);
    liveness.beat(0);
    socket.give(1_000);
    expect([30, 60, 89, 90].map((now) => liveness.beat(now))).toEqual([
      'alive',
      'alive',
      'alive',
      'slow_consumer',
    ]);
  });

  it('lasts as long as something is taken, however little', () => {
    const { socket, liveness } = begin();
    liveness.beat(0);
    socket.give(1_000);
    for (let now = 30; now < 600; now += 30) {
      expect(liveness.beat(now)).toBe('alive');
      socket.take(1);
      socket.give(5);
    }
    expect([630, 690].map((now) => liveness.beat(now))).toEqual(['alive', 'slow_consumer']);
  });

  it('gives a peer that has just taken everything the time to answer', () => {
    const { socket, liveness } = begin();
    liveness.beat(0);
    socket.give(1_000);
    liveness.beat(30);
    socket.take(1_000);
    expect([60, 90].map((now) => liveness.beat(now))).toEqual(['alive', 'dead_peer']);
  });
});
