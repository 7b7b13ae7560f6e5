import { fileURLToPath } from 'node:url';
import { NotFoundException } from '@nestjs/common';
import type { Response } from 'express';

/** A folder of the package. The path is the same from src and from dist. */
const folder = (path: string) => fileURLToPath(new URL(`../../../${path}/`, import.meta.url));

export const PAGE_FOLDER = folder('public');
export const ASSET_FOLDER = folder('public/live');
export const SAMPLE_FOLDER = folder('examples');

/** The files of the examples folder that are served. */
export const SAMPLES: ReadonlySet<string> = new Set(['survey.csv', 'employees.csv', 'departments.csv']);

/**
 * Answers with a file that lies directly in `root`, or 404. Browsers revalidate it at
 * every use (ETag), so that a new version shows at once.
 */
export function sendFile(
  response: Response,
  root: string,
  file: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { root, cacheControl: false, headers: { ...headers, 'Cache-Control': 'no-cache' } };
    response.sendFile(file, options, (error?: Error) => {
      // Once the response has begun, an error means only that the client has disconnected.
      if (!error || response.headersSent) resolve();
      else reject(isClientError(error) ? new NotFoundException(`There is no file "${file}".`) : error);
    });
  });
}

function isClientError(error: Error): boolean {
  return 'status' in error && typeof error.status === 'number' && error.status < 500;
}
