import { hash } from 'node:crypto';
import { LatchkeyError } from '@latchkey/protocol';
import type { Logo } from './accounts.sql.ts';
import { isPicture, type PictureType } from './picture.ts';

const maxBytes = 5 * 1024 * 1024;

function refuse(problem: string): LatchkeyError {
  return new LatchkeyError('LOGO_INVALID', { details: { problem } });
}

/**
 * Decodes and checks a logo: strict base64, at most 5 MB, really of the type it claims (default PNG). Throws
 * `LOGO_INVALID`.
 */
export function decodeLogo(base64: string, mimeType: PictureType = 'image/png'): Logo {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    throw refuse('it is not base64.');
  if (bytes.length > maxBytes) throw refuse('it is larger than 5 MB.');
  if (!isPicture(bytes, mimeType)) throw refuse(`its bytes are not ${mimeType}.`);
  return { mimeType, bytes, sha256: hash('sha256', bytes) };
}
