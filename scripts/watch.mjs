// Prints alerts in the terminal as they happen: alerts to stdout, remarks on the connection to stderr.
import { parseArgs } from 'node:util';
import { followAlerts } from './watch/connection.mjs';
import { createFormat } from './watch/format.mjs';

const DEFAULT_URL = 'ws://127.0.0.1:8000/api/v1/ws/alerts';
const HELP = `Prints alerts as they happen.

  npm run watch [-- options]

  --url <ws-url>   where to listen (default ${DEFAULT_URL})
  --from <id>      first what came after this event, or "earliest" for everything the log still holds
  --json           print each event as one line of JSON
  --help           print this

Ends with Ctrl-C. Colours only on a terminal and without NO_COLOR. After a lost connection it goes on after the
last event that it printed.`;

const options = readOptions();
const format = createFormat({
  colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  json: options.json,
});
const remark = (text) => console.error(format.remark(text));

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string', default: DEFAULT_URL },
        from: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    if (!/^wss?:\/\//i.test(values.url) || !URL.canParse(values.url)) {
      throw new Error(`--url must be an address that begins with ws:// or wss://, not "${values.url}"`);
    }
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    return process.exit(2);
  }
}

const stop = followAlerts({
  url: options.url,
  from: options.from,
  onOpen: () => remark(`watching ${options.url}`),
  onLost: (reason, seconds) => remark(`${reason}; next attempt in ${seconds.toFixed(1)} s`),
  onFrame: (frame) => {
    const line = format.frame(frame);
    if (line !== undefined) console.log(line);
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
// `npm run watch | head` closes the pipe: that is an end, not an error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  stop();
});
