import { requireNode } from './node-version.js';

// `npm run tables`
requireNode(process.versions.node);
const { runCreateTables } = await import('./create-tables.js');
await runCreateTables(process.argv.slice(2), process.env);
