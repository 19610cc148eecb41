import { hmacSettings } from '@latchkey/protocol';
import { sign as signAsGithub } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import type { Headers } from './requests-for-tests.ts';
import type { NewSecret } from './stored-secret.ts';

/** What is delivered. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** Unix time, of which a signer writes the whole seconds. */
  readonly atMs: number;
}

/** A program of somebody else that signs. */
export interface Sender {
  readonly name: string;
  readonly pasted: Omit<NewSecret, 'secret'>;
  /** The secret that it signs with, and one that it does not know. */
  readonly secret: string;
  readonly otherSecret: string;
  /** Signs with the secret as that provider means it. */
  sign(message: Message, secret: string): Promise<Headers>;
  /** Signs with the text of the secret as the key, which only some providers mean. */
  signRaw(message: Message, key: string): Promise<Headers>;
  readonly idHeader?: string;
  readonly timestampHeader?: string;
  readonly signatureHeader: string;
  /** Whether the message says when it was signed. */
  readonly isTimed: boolean;
  /** Whether `secret` holds the key in base64. */
  readonly isDecoded: boolean;
}

const base64Secret = `whsec_${Buffer.alloc(32, 'own signing key ').toString('base64')}`;
const otherBase64Secret = `whsec_${Buffer.alloc(24, 'another one ').toString('base64')}`;

interface Signing {
  sign(id: string, at: Date, body: string): string;
}

function standardHeaders(
  names: readonly [string, string, string],
  signing: Signing,
  message: Message,
): Headers {
  const { id, atMs, body } = message;
  const [idHeader, timestampHeader, signatureHeader] = names;
  return {
    [idHeader]: id,
    [timestampHeader]: String(Math.floor(atMs / 1000)),
    [signatureHeader]: signing.sign(id, new Date(atMs), body),
  };
}

type Signer = new (secret: string, options?: { format: 'raw' }) => Signing;

function standardSender(name: string, names: readonly [string, string, string], signer: Signer): Sender {
  const [idHeader, timestampHeader, signatureHeader] = names;
  return {
    name,
    pasted: { scheme: 'standard' },
    secret: base64Secret,
    otherSecret: otherBase64Secret,
    sign: async (message, secret) => standardHeaders(names, new signer(secret), message),
    signRaw: async (message, key) => standardHeaders(names, new signer(key, { format: 'raw' }), message),
    idHeader,
    timestampHeader,
    signatureHeader,
    isTimed: true,
    isDecoded: true,
  };
}

const webhookNames = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
const svixNames = ['svix-id', 'svix-timestamp', 'svix-signature'] as const;
const acmeNames = ['x-acme-id', 'x-acme-timestamp', 'x-acme-signature'] as const;

async function stripeHeaders({ body, atMs }: Message, secret: string): Promise<Headers> {
  const timestamp = Math.floor(atMs / 1000);
  return {
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
  };
}

async function githubHeaders({ id, body }: Message, secret: string): Promise<Headers> {
  return { 'x-hub-signature-256': await signAsGithub(secret, body), 'x-github-delivery': id };
}

async function plainHeaders({ body }: Message, secret: string): Promise<Headers> {
  return { 'x-sensor-hmac': (await signAsGithub(secret, body)).slice('sha256='.length) };
}

const textSecret = { secret: 'It is a secret to everybody', otherSecret: 'and this one to nobody' };

/** Every library that signs for a provider; the last two sign for HMACs by settings. */
export const senders: readonly Sender[] = [
  standardSender('standardwebhooks', webhookNames, StandardWebhook),
  standardSender('svix', svixNames, SvixWebhook),
  {
    name: 'stripe',
    pasted: { scheme: 'stripe' },
    secret: 'whsec_9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c',
    otherSecret: 'whsec_00000000000000000000000000000000',
    sign: stripeHeaders,
    signRaw: stripeHeaders,
    signatureHeader: 'stripe-signature',
    isTimed: true,
    isDecoded: false,
  },
  {
    name: '@octokit/webhooks-methods',
    pasted: { scheme: 'github' },
    ...textSecret,
    sign: githubHeaders,
    signRaw: githubHeaders,
    idHeader: 'x-github-delivery',
    signatureHeader: 'x-hub-signature-256',
    isTimed: false,
    isDecoded: false,
  },
  {
    ...standardSender('standardwebhooks, read by settings', acmeNames, StandardWebhook),
    secret: base64Secret.slice('whsec_'.length),
    otherSecret: otherBase64Secret.slice('whsec_'.length),
    pasted: {
      scheme: 'hmac',
      settings: hmacSettings.parse({
        header: 'X-Acme-Signature',
        prefix: 'v1,',
        encoding: 'base64',
        template: '{id}.{timestamp}.{body}',
        timestampHeader: 'X-Acme-Timestamp',
        idHeader: 'X-Acme-Id',
        secretEncoding: 'base64',
      }),
    },
  },
  {
    name: '@octokit/webhooks-methods, read by settings',
    pasted: { scheme: 'hmac', settings: hmacSettings.parse({ header: 'X-Sensor-Hmac' }) },
    ...textSecret,
    sign: plainHeaders,
    signRaw: plainHeaders,
    signatureHeader: 'x-sensor-hmac',
    isTimed: false,
    isDecoded: false,
  },
];
