// A dynalite in a process of its own: prints its port, and ends with its parent.
import dynalite from 'dynalite';

const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
// Otherwise it hangs up after 5 s, just as the client sends on that connection, and again at each of its attempts.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
