import { LatchkeyError } from '@latchkey/protocol';
import { isDeeper } from '../platform/json-depth.ts';

const maxDepth = 32;
/** Whole texts only, so that it holds nothing between calls; to make one costs more than to use it. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_JSON', { details: { problem } });
}

/** Counts the members of a parsed value; throws for names that could reach a prototype and for too much depth. */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxDepth) throw refuse('it is nested too deeply.');
  let members = 0;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) {
      if (forbiddenNames.has(name)) throw refuse('it uses a reserved name.');
      members += 1;
    }
    members += countMembers(member, depth + 1);
  }
  return members;
}

/** The index just past the string that opens at `start`, in text that is valid JSON. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** Counts the members that stand in valid JSON text: each has one colon outside of strings. */
function countColons(text: string): number {
  let colons = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x22) index = endOfString(text, index) - 1;
    else if (character === 0x3a) colons += 1;
  }
  return colons;
}

function parsed(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw refuse('it is not UTF-8.');
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    throw refuse('it cannot be parsed.');
  }
}

/**
 * Parses a body that holds what somebody else has written, as the result of a workflow: that is kept whatever its names
 * are. What is read of it beside that is copied field by field. Throws `INVALID_JSON`.
 */
export function parseForeignJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  const { value } = parsed(bytes);
  if (isDeeper(value)) throw refuse('it is nested too deeply.');
  return value;
}

/**
 * Parses a request body: UTF-8, each name once (parsers disagree about which of two counts), no name that reaches a
 * prototype, at most 32 levels. Nothing at all counts as an empty object, since published clients send that
 * (contract/codika.md H.1, 2). Throws `INVALID_JSON`, which never repeats what was sent.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  const { text, value } = parsed(bytes);
  if (countMembers(value, 1) !== countColons(text)) throw refuse('a name stands in it twice.');
  return value;
}
