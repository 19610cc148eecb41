import { containsKey, parseKey } from '@latchkey/keys';
import type { SigningScheme } from '@latchkey/protocol';

/** A mistake that people make when they paste a secret, and what it is called. */
interface Mistake {
  readonly found: (text: string) => boolean;
  /** Completes "This is not a usable signing secret: …"; never holds any of the text. */
  readonly problem: string;
}

function startsWith(...starts: string[]): Mistake['found'] {
  return (text) => starts.some((start) => text.toLowerCase().startsWith(start));
}

const anywhere: readonly Mistake[] = [
  { found: (text) => text === '', problem: 'it is empty.' },
  { found: (text) => text.length > 1024, problem: 'it is longer than 1024 characters.' },
  { found: (text) => !text.isWellFormed(), problem: 'it holds half a character.' },
  {
    found: (text) => text.includes('-----BEGIN'),
    problem: 'it is a PEM block. Paste the signing secret, not a key file.',
  },
  {
    found: (text) => containsKey(text) || parseKey(text).prefix !== undefined,
    problem: 'it is an API key of this product. Paste the secret that the sender signs with.',
  },
  {
    found: (text) => /\p{Cc}/u.test(text),
    problem: 'a line break or another control character stands inside it.',
  },
];

const quoted: Mistake = {
  found: (text) => /^(["'`]).*\1$/.test(text),
  problem: 'it stands in quotes. Take them away.',
};
const doubled: Mistake = {
  found: startsWith('whsec_whsec_', 'whpk_whpk_'),
  problem: 'its prefix stands there twice. Keep one.',
};
const versioned: Mistake = {
  found: startsWith('v1,wh', 'v1a,wh'),
  problem: 'it starts with the "v1," of a signature. Take that away, so that it starts with whsec_ or whpk_.',
};
const signature: Mistake = {
  found: startsWith('v1,', 'v1a,', 'v1=', 't=', 'sha256=', 'sha1='),
  problem: 'it is the signature of one message. Paste the secret that signatures are made with.',
};
const stripeKey: Mistake = {
  found: startsWith('sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_'),
  problem:
    'it is an API key of Stripe. Paste the signing secret of the webhook endpoint, which starts with whsec_.',
};
const stripeEndpoint: Mistake = {
  found: startsWith('we_'),
  problem: 'it is the id of a webhook endpoint. Paste its signing secret, which starts with whsec_.',
};
const privateKey: Mistake = {
  found: startsWith('whsk_'),
  problem:
    "it is the sender's private key, which nobody else should have. Paste the public key, which starts with whpk_.",
};
const githubToken: Mistake = {
  found: startsWith('ghp_', 'gho_', 'ghs_', 'ghu_', 'github_pat_'),
  problem:
    'it is an access token of GitHub. Paste the secret that was typed into the settings of the webhook.',
};
const spaced: Mistake = {
  found: (text) => /\s/.test(text),
  problem: 'white space stands inside it. Copy it again, in one piece.',
};

const mistakes: Readonly<Record<SigningScheme, readonly Mistake[]>> = {
  standard: [quoted, versioned, doubled, signature, stripeKey, privateKey, spaced],
  stripe: [quoted, versioned, doubled, signature, stripeKey, stripeEndpoint, spaced],
  github: [githubToken, signature],
  hmac: [],
};

/** What is known to be wrong with a secret that was pasted for a scheme; white space around it is off already. */
export function knownMistake(scheme: SigningScheme, text: string): string | undefined {
  return [...anywhere, ...mistakes[scheme]].find(({ found }) => found(text))?.problem;
}
