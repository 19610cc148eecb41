import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { temporaryFolder } from './temporary-folder.ts';

/** A self-signed certificate for 127.0.0.1 and localhost. */
export interface TestCertificate {
  readonly keyPem: string;
  readonly caPem: string;
  /** Path of `caPem`, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
}

async function makeCertificate(): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: 'latchkey test peer' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const caFile = join(temporaryFolder('certificate'), 'ca.pem');
  writeFileSync(caFile, made.cert);
  return { keyPem: made.private, caPem: made.cert, caFile };
}

let made: Promise<TestCertificate> | undefined;

/** The certificate that this process's peers present; made at the first call. */
export async function testCertificate(): Promise<TestCertificate> {
  made ??= makeCertificate();
  return await made;
}
