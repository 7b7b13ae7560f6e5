// Writes what is generated from the schema of the settings: .env.example and two pages of the reference.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import 'reflect-metadata';
import { CHANNEL_KINDS } from '../dist/delivery/channels/registry.js';
import { channelsPage, configurationPage, exampleEnvironment } from '../dist/config/reference.js';

const pages = {
  '.env.example': exampleEnvironment(),
  'docs/reference/configuration.md': configurationPage(),
  'docs/reference/channels-file.md': channelsPage(CHANNEL_KINDS),
};
for (const [path, text] of Object.entries(pages)) {
  const target = new URL(`../${path}`, import.meta.url);
  mkdirSync(dirname(target.pathname), { recursive: true });
  writeFileSync(target, text);
  console.log(path);
}
