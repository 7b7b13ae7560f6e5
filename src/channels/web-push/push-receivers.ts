import type { WebPushReceiver } from '../../config/channels-config.js';

/** The receivers of the channels file that devices can subscribe to. */
export abstract class PushReceivers {
  abstract all(): readonly WebPushReceiver[];

  /** The receiver of this name, or undefined. */
  find(name: string): WebPushReceiver | undefined {
    return this.all().find((receiver) => receiver.name === name);
  }
}
