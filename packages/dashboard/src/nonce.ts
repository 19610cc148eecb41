import { setNonce } from 'get-nonce';

/** Given by the server with each answer: style elements without it are not applied. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}

/** What keeps the page still behind a dialog makes a style element of its own, and asks there for the nonce. */
setNonce(styleNonce());
