import { describe, expect, it } from '@jest/globals';
import { ChannelMetrics } from '../../../../src/delivery/channels/channel-metrics.js';
import { Metrics } from '../../../../src/platform/observability/metrics.js';

describe('the lag of receivers', () => {
  it('is that of the destination furthest behind, of those that are worked here', async () => {
    const metrics = new Metrics();
    const channels = new ChannelMetrics(metrics);
    const [mail, hook] = [
      { name: 'mail', kind: 'email' as const },
      { name: 'hook', kind: 'webhook' as const },
    ];
    const lags = async () =>
      (await metrics.channelLag.get()).values.map(({ labels, value }) => [labels.receiver, value]);
    channels.lags([
      { receiver: mail, events: 3 },
      { receiver: hook, events: 1 },
      { receiver: mail, events: 7 },
      { receiver: mail, events: 0 },
    ]);
    expect(await lags()).toEqual([
      ['mail', 7],
      ['hook', 1],
    ]);
    channels.lags([{ receiver: mail, events: 0 }]);
    expect(await lags()).toEqual([['mail', 0]]);
  });
});
