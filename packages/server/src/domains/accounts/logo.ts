import { hash } from 'node:crypto';
import { LatchkeyError } from '@latchkey/protocol';
import type { Logo } from './accounts.sql.ts';

const maxBytes = 5 * 1024 * 1024;

type MimeType = 'image/jpeg' | 'image/png' | 'image/webp';

/** What the first bytes of a picture say it is; the name that a caller gives it proves nothing. */
function detectType(bytes: Buffer): MimeType | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])))
    return 'image/png';
  const riff = bytes.subarray(0, 4).toString('latin1') === 'RIFF';
  if (riff && bytes.subarray(8, 12).toString('latin1') === 'WEBP') return 'image/webp';
  return undefined;
}

function refuse(problem: string): LatchkeyError {
  return new LatchkeyError('LOGO_INVALID', { details: { problem } });
}

/**
 * Decodes and checks a logo: strict base64, at most 5 MB, really of the type it claims (default PNG). Throws
 * `LOGO_INVALID`.
 */
export function decodeLogo(base64: string, mimeType: MimeType = 'image/png'): Logo {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    throw refuse('it is not base64.');
  if (bytes.length > maxBytes) throw refuse('it is larger than 5 MB.');
  if (detectType(bytes) !== mimeType) throw refuse(`its bytes are not ${mimeType}.`);
  return { mimeType, bytes, sha256: hash('sha256', bytes) };
}
