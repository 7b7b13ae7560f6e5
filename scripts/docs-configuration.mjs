// Writes what is generated from the schema of the settings: .env.example and two pages of the reference.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { channelsPage, configurationPage, exampleEnvironment } from '../dist/config/reference.js';

const pages = {
  '.env.example': exampleEnvironment(),
  'docs/reference/configuration.md': configurationPage(),
  'docs/reference/channels-file.md': channelsPage(),
};
for (const [path, text] of Object.entries(pages)) {
  const target = new URL(`../${path}`, import.meta.url);
  mkdirSync(dirname(target.pathname), { recursive: true });
  writeFileSync(target, text);
  console.log(path);
}
