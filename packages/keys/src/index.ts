export { digestKey } from './digest.ts';
export {
  type Environment,
  environmentPrefixes,
  type KeyFamily,
  type KeyKind,
  type KeyPrefix,
  keyKinds,
  type PlainFamily,
  plainPrefixes,
  presentedIn,
} from './families.ts';
export { type FoundKey, findKeys } from './find.ts';
export { generateEnvironmentKey, generateKey, type RandomBytes } from './generate.ts';
export { keyPrefixOf, type ParsedKey, parseKey } from './parse.ts';
export { type ScanningPattern, scanningPatterns } from './patterns.ts';
export { containsKey, redactKeys } from './redact.ts';
export { type KeySearch, type LocatedKey, startKeySearch } from './search.ts';
