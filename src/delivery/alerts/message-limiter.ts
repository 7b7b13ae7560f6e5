import { Logger } from '@nestjs/common';
import type { RateLimiter } from '../../platform/auth/rate-limiter.js';
import type { WebSocketTransport } from './websocket-transport.js';

const TOO_MANY_MESSAGES = 4429;

/** Limits the messages of a client, over all its connections. */
export class MessageLimiter {
  private readonly logger = new Logger(MessageLimiter.name);

  /** `onExceeded` is called once for each connection that is closed. */
  constructor(
    private readonly rates: RateLimiter,
    private readonly onExceeded: () => void,
  ) {}

  /** Counts a message and runs `handle` for it; with one too many the connection is closed instead (4429). */
  count(client: WebSocketTransport, handle: () => void): void {
    if (!this.rates.has('messages')) {
      handle();
      return;
    }
    this.isExceeded(client).then(
      (isExceeded) => {
        if (!client.isOpen) return;
        if (!isExceeded) handle();
        else {
          this.onExceeded();
          client.close(
            TOO_MANY_MESSAGES,
            'You send too many messages; reconnect with the last id in a minute',
          );
        }
      },
      (error: unknown) => this.logger.error({ err: error }, 'Messages could not be counted'),
    );
  }

  private async isExceeded({ guest }: WebSocketTransport): Promise<boolean> {
    const allowances = await Promise.all(guest.countedAs.map((who) => this.rates.consume('messages', who)));
    return allowances.some((allowance) => allowance?.isExceeded === true);
  }
}
