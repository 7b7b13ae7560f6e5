import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { setupRedoc } from './redoc.setup.js';

/**
 * Both pages set styles from their scripts, and ReDoc searches in a blob worker. No connection to another host is allowed,
 * whatever a later version of either page tries.
 */
const DOCS_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  'worker-src blob:',
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the API description: Swagger UI at `/docs`, ReDoc at `/redoc`, the document at `/docs-json` and `/docs-yaml`.
 * Call it after the middleware that sets a stricter Content-Security-Policy, which these two pages replace.
 */
export function setupDocs(app: NestExpressApplication, document: OpenAPIObject): void {
  app.use(['/docs', '/redoc'], (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, document, {
    customSiteTitle: `${document.info.title} – Swagger UI`,
    swaggerOptions: {
      tryItOutEnabled: true,
      persistAuthorization: true,
      displayRequestDuration: true,
      // Otherwise Swagger UI sends the description to validator.swagger.io for a badge.
      validatorUrl: null,
    },
  });
  setupRedoc(app);
}
