/** Who signs, as people know them. */
export const providers = [
  { value: 'stripe', label: 'Stripe' },
  { value: 'github', label: 'GitHub' },
  { value: 'standard', label: 'Standard Webhooks (Svix, Resend, Clerk and others)' },
  { value: 'hmac', label: 'Another service (HMAC)' },
] as const;
export type Provider = (typeof providers)[number]['value'];

/** The provider of a scheme, in a word or two. */
export const providerNames: Readonly<Record<Provider, string>> = {
  stripe: 'Stripe',
  github: 'GitHub',
  standard: 'Standard Webhooks',
  hmac: 'HMAC',
};
