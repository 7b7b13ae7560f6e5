import { call, credentials } from './session.js';

/** Makes a link work with a token, which a browser does not send with links: the target is fetched and then saved. */
export function followWithToken(link) {
  link.addEventListener('click', async (event) => {
    if (!credentials().Authorization) return;
    event.preventDefault();
    const response = await call(link.href);
    const copy = document.createElement('a');
    copy.href = URL.createObjectURL(await response.blob());
    copy.download = nameOf(response, link);
    copy.click();
    setTimeout(() => URL.revokeObjectURL(copy.href), 60_000);
  });
}

function nameOf(response, link) {
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '') ?? [];
  return name ?? `${link.pathname.split('/').at(-1)}.json`;
}
