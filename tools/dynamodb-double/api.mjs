import { missingAuthentication, serialization, unknownOperation } from './errors.mjs';
import { BATCHES } from './operations/batches.mjs';
import { ITEM_READING } from './operations/item-reading.mjs';
import { ITEM_WRITING } from './operations/item-writing.mjs';
import { PROTECTION_OPERATIONS } from './operations/protection-operations.mjs';
import { STREAM_OPERATIONS } from './operations/stream-operations.mjs';
import { TABLE_OPERATIONS } from './operations/table-operations.mjs';
import { PARAMETERS } from './parameters.mjs';

/** @typedef {(catalog: import('./tables/catalog.mjs').Catalog, input: any, region: string) => object} Operation */

/** @type {Record<string, Record<string, Operation>>} by the services that have them */
const SERVICES = {
  DynamoDB_20120810: {
    ...TABLE_OPERATIONS,
    ...PROTECTION_OPERATIONS,
    ...ITEM_READING,
    ...ITEM_WRITING,
    ...BATCHES,
  },
  DynamoDBStreams_20120810: STREAM_OPERATIONS,
};

/** Of the credential of a signature: key, day, region, service. */
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*Credential=[^/,]+\/\d{8}\/([^/,]+)\/dynamodb\/aws4_request/;

/**
 * Does a request, unless the server refuses. Throws what is to be answered where it fails.
 * @param {import('./tables/catalog.mjs').Catalog} catalog
 * @param {{ target: string, authorization: string, body: string }} request
 * @returns {{ operation: string, answer: object }}
 */
export function perform(catalog, { target, authorization, body }) {
  const [service, operation = ''] = target.split('.');
  const run = Object.hasOwn(SERVICES, service) ? SERVICES[service][operation] : undefined;
  if (!run) throw unknownOperation(target);
  // Nobody is known here, but whoever forgets to sign would be refused by AWS.
  const region = CREDENTIAL.exec(authorization)?.[1];
  if (region === undefined) throw missingAuthentication();
  const input = parsed(body);
  PARAMETERS[operation](input, operation);
  const refusal = catalog.hostility.refusal(operation);
  if (refusal) throw refusal;
  return { operation, answer: run(catalog, input, region) };
}

/** @param {string} body */
function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    throw serialization('The request is not JSON');
  }
}
