import { domainToASCII, domainToUnicode } from 'node:url';
import { LatchkeyError } from '@latchkey/protocol';

const maxLength = 254;
const maxLocalLength = 64;
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainPart = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;
const numericEnd = /(^|\.)[0-9]+$/;
const encodedLabel = /(^|\.)xn--/;
const notOfDomain = /(?![A-Za-z0-9.-])[\p{ASCII}\p{C}]/u;

/**
 * A domain in its ASCII form, or nothing for what is none. What a URL may have behind or inside its host (a path, a
 * port, percent escapes, an IPv4 address as one number) is refused first, since the conversion would read it so.
 */
function asciiDomain(text: string): string {
  if (notOfDomain.test(text)) return '';
  const domain = domainToASCII(text).toLowerCase();
  if (!domainPart.test(domain) || numericEnd.test(domain)) return '';
  // An encoded label that does not decode comes back as it was.
  if (encodedLabel.test(domainToUnicode(domain))) return '';
  return domain;
}

/**
 * The one form in which an address is compared, kept and answered: trimmed, lower case, an international domain
 * in its ASCII form. Addresses that differ only in these are the same account.
 *
 * Throws `EMAIL_REQUIRED` for nothing and `EMAIL_INVALID` for what is not a deliverable internet address.
 */
export function normalizeEmail(text: string | undefined): string {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') throw new LatchkeyError('EMAIL_REQUIRED');
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0));
  const domain = trimmed.length > maxLength ? '' : asciiDomain(trimmed.slice(at + 1));
  const address = `${local.toLowerCase()}@${domain}`;
  const valid =
    local.length <= maxLocalLength && address.length <= maxLength && localPart.test(local) && domain !== '';
  if (!valid) throw new LatchkeyError('EMAIL_INVALID');
  return address;
}

/** As `normalizeEmail`; null for what is no address. */
export function addressIn(text: string | undefined): string | null {
  try {
    return normalizeEmail(text);
  } catch {
    return null;
  }
}
