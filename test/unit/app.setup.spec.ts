import { describe, expect, it } from '@jest/globals';
import { describeAddresses } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/load-config.js';

describe('describeAddresses', () => {
  const described = (variables: Record<string, string>) => describeAddresses(loadConfig(variables), 8000);

  it('puts an IPv6 address in brackets', () => {
    expect(described({ HOST: '::1', DOCS: 'off', LIVE_PAGE: 'off' })).toEqual([
      'WebSocket  ws://[::1]:8000/api/v1/ws/alerts',
    ]);
  });

  it('names what is served, and nothing else', () => {
    expect(described({ DOCS: 'off' })).toEqual([
      'Live page  http://127.0.0.1:8000/',
      'WebSocket  ws://127.0.0.1:8000/api/v1/ws/alerts',
    ]);
    expect(described({ LIVE_PAGE: 'off' })).toEqual([
      'API docs   http://127.0.0.1:8000/docs and /redoc',
      'WebSocket  ws://127.0.0.1:8000/api/v1/ws/alerts',
    ]);
  });
});
