/** What came of the work; a failure is for the caller to read. */
export type Outcome =
  | { readonly ok: true; readonly resultData: { readonly words: number; readonly characters: number } }
  | { readonly ok: false; readonly errorMessage: string };

/** The work of this target. Stands for whatever yours does. */
export async function countWords(text: unknown): Promise<Outcome> {
  if (typeof text !== 'string') return { ok: false, errorMessage: 'Send the text to count as "text".' };
  const words = text.split(/\s+/).filter((word) => word !== '');
  return { ok: true, resultData: { words: words.length, characters: text.length } };
}
