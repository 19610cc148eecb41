import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/**
 * The keys that are derived from the master key, each for one use only.
 *
 * All are `KeyObject`s: they cannot be printed or serialised by accident.
 */
export interface Secrets {
  /** HMAC key for digests of API keys, by pepper version; the highest is used for new keys. */
  readonly keyPeppers: ReadonlyMap<number, KeyObject>;
  /** HMAC key for digests of emailed codes. */
  readonly codePepper: KeyObject;
  /** HMAC key for digests of OAuth tokens, codes and ids. */
  readonly tokenPepper: KeyObject;
  /** Signs the cookies and forms of the sign-in pages. */
  readonly cookieKey: KeyObject;
  /** Signs audit checkpoints, Ed25519; the same for all processes of one master key. */
  readonly auditKey: SigningKey;
  /** Signs, for targets, who came through the door; Ed25519, the same for all processes of one master key. */
  readonly principalKey: SigningKey;
  /** HMAC key for the secrets that executions report with. */
  readonly executionKey: KeyObject;
  /** Recognises the master key that a database was made with; not secret. */
  readonly masterKeyCheck: string;
  /** Encrypts with AES-256-GCM; `purpose` binds the text to the place where it is kept. */
  seal(plain: string, purpose: string): string;
  /** Reverses `seal`; throws when the text was changed or belongs to another purpose. */
  unseal(sealed: string, purpose: string): string;
}

/** A key that signs, and what others need to check its signatures. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Raw, base64url. */
  readonly publicKey: string;
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const ed25519Header = Buffer.from('302e020100300506032b657004220420', 'hex');

const livePepperVersions = [1] as const;
const nonceBytes = 12;
const tagBytes = 16;

function derive(masterKey: Uint8Array, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, 'latchkey', use, 32)));
}

function deriveSigningKey(masterKey: Uint8Array, use: string): SigningKey {
  const key = Buffer.concat([ed25519Header, derive(masterKey, use).export()]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: String(createPublicKey(privateKey).export({ format: 'jwk' }).x) };
}

/** Derives every secret of the server from its 32-byte master key. */
export function deriveSecrets(masterKey: Uint8Array): Secrets {
  const sealingKey = derive(masterKey, 'sealing/1');
  return {
    keyPeppers: new Map(
      livePepperVersions.map((version) => [version, derive(masterKey, `key-pepper/${version}`)]),
    ),
    codePepper: derive(masterKey, 'code-pepper/1'),
    tokenPepper: derive(masterKey, 'oauth-token-pepper/1'),
    cookieKey: derive(masterKey, 'oauth-cookies/1'),
    auditKey: deriveSigningKey(masterKey, 'audit/1'),
    principalKey: deriveSigningKey(masterKey, 'principal/1'),
    executionKey: derive(masterKey, 'execution/1'),
    masterKeyCheck: createHmac('sha256', derive(masterKey, 'check/1')).update('latchkey').digest('base64url'),
    seal(plain, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    unseal(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, nonceBytes));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const body = bytes.subarray(nonceBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
