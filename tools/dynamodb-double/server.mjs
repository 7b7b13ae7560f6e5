import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import { perform } from './api.mjs';
import { ApiError, internalError } from './errors.mjs';
import { Calm, Hostile } from './hostility.mjs';
import { Random } from '../../test/fuzz/random.mjs';
import { Catalog } from './tables/catalog.mjs';

/** The most that AWS takes in one request. */
const MOST_BYTES = 16 * 1_048_576;

/**
 * Starts a DynamoDB of its own, with nothing in it, on this machine alone.
 * @param {{ port?: number, seed?: number, isHostile?: boolean }} [settings] `isHostile`: does what AWS may do, by the seed
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function startServer({ port = 0, seed = 1, isHostile = false } = {}) {
  const catalog = new Catalog(isHostile ? new Hostile(new Random(seed)) : new Calm());
  const server = createServer((request, response) => void handle(catalog, request, response));
  // A client that reuses a connection at the moment when it is closed would see an error.
  server.keepAliveTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * @param {Catalog} catalog
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function handle(catalog, request, response) {
  const { 'x-amz-target': target = '', authorization = '' } = request.headers;
  try {
    const body = await bodyOf(request);
    const { operation, answer } = perform(catalog, { target: String(target), authorization, body });
    if (catalog.hostility.losesAnswer(operation)) request.socket.destroy();
    else send(response, 200, answer);
  } catch (error) {
    // Who has sent it in part is gone, and waits for nothing.
    if (request.destroyed && !request.complete) return;
    const { status, body } = error instanceof ApiError ? error : fault(error);
    send(response, status, body);
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new ApiError('#RequestEntityTooLarge', 'Request too large', { status: 413 });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A mistake in the server, which is shown: it must not look like one of AWS's passing faults.
 * @param {unknown} error
 */
function fault(error) {
  console.error(error);
  return internalError();
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} answer
 */
function send(response, status, answer) {
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': body.length,
    'x-amzn-requestid': randomUUID().toUpperCase(),
    'x-amz-crc32': crc32(body),
  });
  response.end(body);
}
