import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../../lib/clock.js';
import type { ReceiverConfig } from '../../../config/channels-config.js';
import type { Secret } from '../../../config/secret.js';
import { failureOf, postHttp, type HttpAnswer } from './http-client.js';
import type { Delivery } from '../notifier.js';

/**
 * The address of a chat, from the channels file of the operator: http and any host are allowed. The address is a
 * credential to write to the chat, so nothing of it leaves this class.
 */
export class IncomingWebhook {
  // Private even to inspect(): an agent names the hosts it is connected to.
  readonly #url: URL;
  readonly #agent: http.Agent;
  readonly #timeoutMs: number;

  /** Throws when the address is not one of http or https. */
  constructor(
    receiver: ReceiverConfig & { readonly url: Secret },
    private readonly clock: Clock,
  ) {
    this.#url = urlOf(receiver.url.reveal(), receiver.name);
    const { Agent } = this.#url.protocol === 'https:' ? https : http;
    this.#agent = new Agent({ keepAlive: true });
    this.#timeoutMs = receiver.timeoutMs;
  }

  /** Makes one attempt to send `body` as JSON. Never rejects, except with an abort. */
  async post(
    body: object,
    signal: AbortSignal,
    meaningOf: (answer: HttpAnswer) => Delivery,
  ): Promise<Delivery> {
    signal.throwIfAborted();
    try {
      const answer = await postHttp(
        {
          url: this.#url,
          headers: { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Pulsewatch' },
          body: JSON.stringify(body),
          timeoutMs: this.#timeoutMs,
          agent: this.#agent,
          signal,
        },
        this.clock,
      );
      return meaningOf(answer);
    } catch (error) {
      return failureOf(error, signal);
    }
  }

  /** Closes its connections. */
  close(): void {
    this.#agent.destroy();
  }
}

function urlOf(address: string, receiver: string): URL {
  // The error of the constructor would hold the whole address.
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Error(`The url of receiver ${receiver} is not one of http or https.`);
  return url;
}
