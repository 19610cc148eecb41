import type { Request as Asked } from '@latchkey/protocol';

type Size = NonNullable<Asked<'organizations.create'>['size']>;

/** How many people an organization may say that it has. */
export const sizes = [
  'solo',
  '2-10',
  '11-50',
  '51-200',
  '201-1000',
  '1000+',
] as const satisfies readonly Size[];
