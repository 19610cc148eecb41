import { jsonTexts } from './json-texts.ts';

const byteOrderMark = '\uFEFF';

/** What happens to a text on its way that is read and written as text. */
function* otherTexts(text: string): Generator<string> {
  yield `${text}\n`;
  if (text.includes('\n')) {
    yield text.replace(/\r?\n$/, '');
    yield text.replaceAll('\r\n', '\n');
    yield text.replace(/\r?\n/g, '\r\n');
  }
  yield `${text}\r\n`;
  if (/^\s|\s$/.test(text)) yield text.trim();
  yield text.startsWith(byteOrderMark) ? text.slice(1) : byteOrderMark + text;
}

/** What becomes of characters that are no ASCII when somebody takes the bytes for another encoding. */
function* otherEncodings(body: Buffer, text: string): Generator<Buffer> {
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(text, 'latin1'),
    Buffer.from(body.toString('latin1')),
  ]) {
    if (!bytes.equals(body)) yield bytes;
  }
}

/** What is written for one body: some large texts, or all of an ordinary one. Writing costs more than checking. */
const maxWrittenCharacters = 1.5 * 1024 * 1024;

/**
 * The bodies that this one may have been made from by reading and writing it again, likeliest first; never the body
 * itself. Each is made when it is asked for: a large one is not worth all of them.
 */
export function* otherBodies(body: Buffer): Generator<Buffer> {
  const text = body.toString('utf8');
  const seen = new Set([text]);
  let written = 0;
  yield* otherEncodings(body, text);
  for (const source of [otherTexts(text), jsonTexts(text)]) {
    for (const each of source) {
      if (written > maxWrittenCharacters) return;
      written += each.length;
      if (!seen.has(each)) yield Buffer.from(each);
      seen.add(each);
    }
  }
}
