import { createHash } from 'node:crypto';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { OpenToAll } from '../auth/requires.decorator.js';
import { PROBLEMS, PROBLEMS_PATH } from '../http/problem.js';

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  section { padding: 0 0.75rem; }
  section:target { outline: 2px solid; }
  code { font-family: ui-monospace, monospace; }
`;

/** The page has no script and its one style, so nothing else may load. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that the `type` of every problem leads to: each code under its own name as the anchor. Holds no data. */
export function problemsPage(): string {
  const sections = Object.entries(PROBLEMS).map(
    ([code, { status, title, help }]) => `
    <section id="${code}">
      <h2>${htmlOf(title)}</h2>
      <p><code>${code}</code> · HTTP status ${status}</p>
      <p>${htmlOf(help)}</p>
    </section>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Problem codes · Pulsewatch</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <h1>Problem codes</h1>
    <p>
      Every error answer is an RFC 9457 problem. Its <code>code</code> is stable, its <code>type</code> leads to this
      page, and its <code>detail</code> names the fix.
    </p>${sections.join('')}
  </body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function htmlOf(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Serves the page of problem codes. Outside the REST prefix, and open to all callers: errors reach all of them. */
@ApiExcludeController()
@OpenToAll()
@Controller(PROBLEMS_PATH)
export class ProblemsPageController {
  private readonly page = problemsPage();

  @Get()
  show(@Res() response: Response): void {
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Cache-Control', 'no-cache');
    response.type('text/html').send(this.page);
  }
}

/** The page of problem codes, which every server has: the `type` of a problem must lead somewhere offline too. */
@Module({ controllers: [ProblemsPageController] })
export class ProblemsPageModule {}
