import type { KeyDeps } from '../keys/index.ts';

/** What exchanging keys for tokens works with. */
export interface TokenDeps extends KeyDeps {
  /** Who issues the tokens. */
  readonly publicUrl: () => string;
}
