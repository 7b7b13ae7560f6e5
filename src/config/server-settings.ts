import { LOG_LEVELS } from './config.js';
import { isRedisAddress, isWebAddress } from './network-formats.js';
import { choice, duration, filled, flag, optional, secret, setting, text, whole } from './setting.js';

export const SERVER = {
  HOST: setting('127.0.0.1', filled('an address of this machine, or a name of it'), {
    purpose: 'The address that the server listens on. `0.0.0.0` and `::` are all addresses of the machine.',
    problem:
      'The server does not start with another address than one of this machine alone while `AUTH_MODE=off`: everyone who reaches it could read scores. Set `AUTH_MODE=jwt` with its keys first.',
  }),
  PORT: setting('8000', whole(0, 65_535), {
    purpose: 'The TCP port that the server listens on. `0` takes a free port, which the log names.',
    problem: '"The port is in use": another process listens there. Stop it, or set another port.',
  }),
  REQUEST_HEAD_TIMEOUT: setting('10s', duration('10ms', '1h'), {
    purpose:
      'A connection that has not sent the head of a request, or its TLS hello, within this time is closed.',
  }),
  LOG_LEVEL: setting('info', choice(...LOG_LEVELS), {
    purpose:
      'The least severity that is logged. `debug` adds every request. Logs hold ids and counts, never names or scores.',
  }),
  LOG_FORMAT: optional(choice('json', 'pretty'), {
    purpose: 'How a line of the log is written: for programs, or for people.',
    unset: '`pretty` on a terminal, `json` elsewhere',
  }),
};

export const STORAGE = {
  STORAGE: setting('embedded', choice('embedded', 'dynamodb'), {
    purpose:
      '`embedded` keeps everything in `DATA_DIR`. `dynamodb` keeps the tables in DynamoDB, and only the files of waiting uploads in `DATA_DIR`.',
  }),
  DATA_DIR: setting('./data', filled('the path of a folder'), {
    purpose:
      'The folder of the embedded store and of waiting uploads. It must be on a disk that outlives a restart, with `STORAGE=dynamodb` too. On DynamoDB every instance needs its own.',
    problem:
      'In a container without a volume, accepted uploads are lost with the container. Mount a volume, and give its path.',
  }),
  AWS_REGION: optional(
    text('the name of an AWS region, like eu-central-1', (given) => /^[a-z0-9-]{3,30}$/.test(given)),
    {
      purpose:
        'The region of the DynamoDB tables. Needed with `STORAGE=dynamodb`. Credentials come from the default chain of the AWS SDK.',
      unset: 'no region; `STORAGE=dynamodb` is refused',
    },
  ),
  DYNAMODB_ENDPOINT: optional(text('an http or https address', isWebAddress), {
    purpose: 'The address of DynamoDB Local and the like.',
    unset: 'AWS itself',
  }),
  DYNAMODB_CREATE_TABLES: setting('false', flag, {
    purpose:
      'Creates missing tables at start. Otherwise run `npm run tables` once, with credentials that may create tables.',
  }),
  DYNAMODB_STREAMS: setting('auto', choice('auto', 'off'), {
    purpose:
      '`auto` reads the streams of the tables, where they have any, so that direct edits count within seconds. `off` leaves them to the next full evaluation.',
    problem:
      'Direct edits are slow to count, and the log says that streams are refused: the instance needs `DescribeTable` of both tables, and `DescribeStream`, `GetShardIterator` and `GetRecords` of their streams.',
  }),
  TABLE_PREFIX: setting(
    '',
    text('made of letters, digits, _, - and . only, 100 at most', (given) =>
      /^[A-Za-z0-9_.-]{0,100}$/.test(given),
    ),
    {
      purpose:
        'Goes before the name of every DynamoDB table, so that several installations can share an account.',
    },
  ),
};

export const INSTANCES = {
  REDIS_URL: optional(
    secret('an address like redis://user:password@host:6379/0, or rediss:// for TLS', isRedisAddress),
    {
      purpose:
        'The Redis server through which instances learn of alerts at once, and count limits together. Nothing depends on it.',
      unset: 'each instance counts alone, and looks for alerts every `ALERT_POLL_INTERVAL`',
      problem: 'A password that holds `%`, `@`, `:` or `/` must be percent-encoded.',
    },
  ),
  REDIS_PREFIX: setting(
    'pulsewatch:',
    text('at most 60 letters, digits, and : . _ -', (given) => /^[\w:.-]{0,60}$/.test(given)),
    {
      purpose: 'Goes before every key and channel in Redis.',
      problem: 'Installations that share a Redis and a prefix count their limits together.',
    },
  ),
};
