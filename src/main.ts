// The whole module, not names of it: an older Node.js lacks one, and would end here in an error of its own.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { requireNode } from './node-version.js';

requireNode(process.versions.node);
// Beside the code: a build removes it, and only those who may write the code may write what runs in its place. Where it
// cannot be written, every start compiles.
module.enableCompileCache(fileURLToPath(new URL('.compile-cache', import.meta.url)));
const { runServer } = await import('./server.js');
await runServer(process.env);
