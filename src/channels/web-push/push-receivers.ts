import { Injectable } from '@nestjs/common';
import type { WebPushReceiver } from '../../config/channels-config.js';
import { Config } from '../../config/config.js';

/** The receivers of the channels file that devices can subscribe to. */
@Injectable()
export class PushReceivers {
  /** In the order of the file. */
  readonly all: readonly WebPushReceiver[];

  constructor(config: Config) {
    this.all = (config.channels?.receivers ?? []).filter((receiver) => receiver.kind === 'web_push');
  }

  /** The receiver of this name, or undefined. */
  find(name: string): WebPushReceiver | undefined {
    return this.all.find((receiver) => receiver.name === name);
  }
}
