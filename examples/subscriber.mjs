// Listens to Pulsewatch alerts and prints them. Run it from a folder where `ws` is installed (npm install ws):
//
//   node subscriber.mjs [ws://127.0.0.1:8000/api/v1/ws/alerts]
import { WebSocket } from 'ws';

const url = process.argv[2] ?? 'ws://127.0.0.1:8000/api/v1/ws/alerts';

// Every event has an id that only grows. The id of the last one seen is all a client needs to keep: after a
// reconnect, the server sends what came after it. Store it in a file or a database to survive your own restarts too.
let lastId;
let attempt = 0;

function connect() {
  const address = new URL(url);
  // `v=1` adds clears, positions and resuming. Without it there are only "connection", alerts and "pong".
  address.searchParams.set('v', '1');
  if (lastId !== undefined) address.searchParams.set('last_event_id', lastId);

  const socket = new WebSocket(address);
  let heartbeat;
  let answered = true;

  socket.on('open', () => {
    console.error('connected');
    attempt = 0;
    // A network can vanish without a word. Ask every 25 s; if the last question got no answer, start over.
    heartbeat = setInterval(() => {
      if (!answered) return socket.terminate();
      answered = false;
      socket.send('ping');
    }, 25_000);
  });

  socket.on('message', (text) => {
    answered = true;
    const event = JSON.parse(text);
    handle(event);
    // After handling, not before: if handling fails, the event comes again.
    if (event.id !== undefined) lastId = event.id;
  });

  // "error" is always followed by "close", but without a listener it would end the process.
  socket.on('error', (error) => console.error(`connection failed: ${error.message || error.code}`));

  socket.on('close', (code) => {
    clearInterval(heartbeat);
    // Wait longer each time, up to 30 s, and by a random part, so that many clients do not come back at once.
    const delay = Math.min(30_000, 1_000 * 2 ** attempt) * (0.5 + Math.random() / 2);
    attempt += 1;
    console.error(`closed (${code}); again in ${(delay / 1000).toFixed(1)} s`);
    setTimeout(connect, delay);
  });
}

function handle(event) {
  switch (event.type) {
    case 'employee_stress':
    case 'department_critical':
      // Here your own work begins: open a ticket, write a row, call somebody. JSON.stringify because names come from
      // uploaded files and should not reach a terminal as they are.
      console.log(event.type, event.id, JSON.stringify(event.data));
      break;
    case 'alert_cleared':
      console.log('cleared', event.data.raised_id, JSON.stringify(event.data));
      break;
    case 'snapshot':
      // Our id is older than the log. Instead of a part of the story we get everything that is active now: put it in
      // the place of what you knew.
      console.log('snapshot', JSON.stringify(event.data.active));
      break;
    default:
    // Ignore types you do not know ("connection", "pong", "position", and what future versions add).
  }
}

connect();
