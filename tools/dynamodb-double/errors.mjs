/** The error types of the API: what a client is told, under the name and the status that AWS gives it. */

const DYNAMODB = 'com.amazonaws.dynamodb.v20120810#';
const VALIDATION = 'com.amazon.coral.validate#';
const CORAL = 'com.amazon.coral.service#';

/** What an operation throws to answer with an error. */
export class ApiError extends Error {
  /**
   * @param {string} type with its namespace
   * @param {string} message
   * @param {{ status?: number, members?: object }} [more] `members`: what the answer has besides
   */
  constructor(type, message, { status = 400, members = {} } = {}) {
    super(message);
    this.name = type.slice(type.indexOf('#') + 1);
    this.status = status;
    this.body = { __type: type, message, ...members };
  }
}

/** @param {string} message */
export const validation = (message) => new ApiError(`${VALIDATION}ValidationException`, message);

/** @param {string} what */
export const invalidValue = (what) => validation(`One or more parameter values were invalid: ${what}`);

/** @param {string} message */
export const serialization = (message) => new ApiError(`${CORAL}SerializationException`, message);

/** @param {string} what */
export const notFound = (what) =>
  new ApiError(`${DYNAMODB}ResourceNotFoundException`, `Requested resource not found: ${what} not found`);

/** @param {string} message */
export const inUse = (message) => new ApiError(`${DYNAMODB}ResourceInUseException`, message);

/** @param {object | undefined} item told where the request wants it */
export const conditionFailed = (item) =>
  new ApiError(`${DYNAMODB}ConditionalCheckFailedException`, 'The conditional request failed', {
    members: item === undefined ? {} : { Item: item },
  });

/** @param {string} target */
export const unknownOperation = (target) =>
  new ApiError(`${CORAL}UnknownOperationException`, `This server does not know ${target}`);

export const missingAuthentication = () =>
  new ApiError(`${CORAL}MissingAuthenticationTokenException`, 'Request is missing Authentication Token');

export const throughputExceeded = () =>
  new ApiError(
    `${DYNAMODB}ProvisionedThroughputExceededException`,
    'The level of configured provisioned throughput for the table was exceeded.',
  );

export const throttling = () =>
  new ApiError(`${CORAL}ThrottlingException`, 'Throughput exceeds the current capacity of your table.');

/** What Streams answers to who asks too often. */
export const limitExceeded = () => new ApiError(`${DYNAMODB}LimitExceededException`, 'Too many requests.');

export const internalError = () =>
  new ApiError(`${DYNAMODB}InternalServerError`, 'The request could not be processed.', { status: 500 });

export const expiredIterator = () =>
  new ApiError(`${DYNAMODB}ExpiredIteratorException`, 'The shard iterator has expired.');

export const trimmed = () =>
  new ApiError(
    `${DYNAMODB}TrimmedDataAccessException`,
    'The operation attempted to read past the oldest record.',
  );
