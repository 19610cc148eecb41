import type { Request as Asked } from '@latchkey/protocol';
import { NativeSelect, Stack } from '@mantine/core';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { TextField } from '../../components/form/text-field.tsx';

type Settings = NonNullable<Asked<'signingSecrets.add'>['settings']>;

/** How a sender without a scheme of its own signs, as it is typed; empty where it has none. */
export interface HmacDraft {
  readonly header: string;
  readonly prefix: string;
  readonly algorithm: string;
  readonly encoding: string;
  readonly template: string;
  readonly timestampHeader: string;
  readonly idHeader: string;
}

export const usualHmac: HmacDraft = {
  header: '',
  prefix: '',
  algorithm: 'sha256',
  encoding: 'hex',
  template: '{body}',
  timestampHeader: '',
  idHeader: '',
};

/** What was typed, as the API takes it. */
export function hmacOf({ timestampHeader, idHeader, ...draft }: HmacDraft): Settings {
  return {
    ...draft,
    ...(timestampHeader !== '' && { timestampHeader }),
    ...(idHeader !== '' && { idHeader }),
    // Choices of the lists alone.
  } as Settings;
}

/** Asks how a sender signs. */
export function HmacFields({ draft, onChange }: { draft: HmacDraft; onChange: (draft: HmacDraft) => void }) {
  const field = fieldsOf(draft, (changed) => onChange({ ...draft, ...changed }), 'settings.');
  return (
    <Stack>
      <TextField
        label="Header of the signature"
        placeholder="x-signature"
        maxLength={64}
        required
        {...field('header')}
      />
      <TextField
        label="What stands before it"
        description="Such as sha256="
        maxLength={32}
        {...field('prefix')}
      />
      <NativeSelect label="Algorithm" data={['sha256', 'sha512', 'sha1']} {...field('algorithm')} />
      <NativeSelect label="Written as" data={['hex', 'base64', 'base64url']} {...field('encoding')} />
      <TextField
        label="What is signed"
        maxLength={200}
        description="{body}, and where the sender signs them {timestamp} and {id}"
        required
        {...field('template')}
      />
      <TextField label="Header of the time" maxLength={64} {...field('timestampHeader')} />
      <TextField label="Header of the id" maxLength={64} {...field('idHeader')} />
    </Stack>
  );
}
