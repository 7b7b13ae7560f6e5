// The default theme of ReDoc names web fonts. These fonts exist on every machine, so none is fetched.
const TEXT = 'system-ui, sans-serif';
const CODE = 'ui-monospace, monospace';

globalThis.Redoc.init(
  '/docs-json',
  {
    theme: {
      typography: {
        fontFamily: TEXT,
        headings: { fontFamily: TEXT },
        code: { fontFamily: CODE },
      },
    },
  },
  document.getElementById('redoc'),
);
