export type { TokenDeps } from './deps.ts';
export { exchangeKey } from './exchange.ts';
export { exchangePresented, type KeyToExchange } from './exchange-presented.ts';
export { createKeyTokens, type KeyTokens } from './key-tokens.ts';
