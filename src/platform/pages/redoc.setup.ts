import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';

/** The path is the same from src and from dist. */
const PAGE_FOLDER = fileURLToPath(new URL('../../../public/redoc/', import.meta.url));
/** The build copies the bundle there from its package, which production does not install. */
const BUNDLE_FILE = fileURLToPath(
  new URL('../../../dist/redoc/bundles/redoc.standalone.js', import.meta.url),
);
const PAGE_FILES = { '/redoc': 'index.html', '/redoc/init.js': 'init.js', '/redoc/redoc.css': 'redoc.css' };

/** The only address on the internet that ReDoc's bundle requests. */
const REMOTE_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
/** An address that is no image: the page removes its logo when the logo fails to load. */
const NO_LOGO = 'data:,';

/** Serves ReDoc and its bundle from this server, without the internet. */
export function setupRedoc(app: NestExpressApplication): void {
  const http = app.getHttpAdapter().getInstance();
  for (const [path, file] of Object.entries(PAGE_FILES)) {
    http.get(path, (_request: Request, response: Response) => {
      response.sendFile(file, {
        root: PAGE_FOLDER,
        cacheControl: false,
        headers: { 'Cache-Control': 'no-cache' },
      });
    });
  }
  let bundle: Buffer | undefined;
  http.get('/redoc/redoc.standalone.js', (_request: Request, response: Response) => {
    bundle ??= readBundle();
    response.setHeader('Cache-Control', 'no-cache');
    response.type('text/javascript').send(bundle);
  });
}

function readBundle(): Buffer {
  return Buffer.from(readFileSync(BUNDLE_FILE, 'utf8').replaceAll(REMOTE_LOGO, NO_LOGO));
}
