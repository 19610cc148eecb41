import type { Request as Asked } from '@latchkey/protocol';
import { NativeSelect, Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { SecretField, TextField } from '../../components/form/text-field.tsx';
import { type HmacDraft, HmacFields, hmacOf, usualHmac } from './hmac-fields.tsx';
import { type Provider, providers } from './providers.ts';

/** A workflow of an instance, as operations name it. */
export type Endpoint = Pick<Asked<'signingSecrets.list'>, 'processInstanceId' | 'workflowId'>;

/** Where each provider shows the secret. */
const whereShown: Readonly<Record<Provider, string>> = {
  stripe: 'In Stripe: Developers, Webhooks, your endpoint, Signing secret. It begins with whsec_.',
  github: 'What you typed as Secret when you made the webhook in the settings of the repository.',
  standard: 'As the sender shows it, mostly beginning with whsec_.',
  hmac: 'As the sender shows it.',
};

/** Takes a signing secret that another service shows. */
export function AddSecret({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const add = useAct('signingSecrets.add');
  const [scheme, setScheme] = useInputState<Provider>('stripe');
  const [secret, setSecret] = useInputState('');
  const [label, setLabel] = useInputState('');
  const [hmac, setHmac] = useState<HmacDraft>(usualHmac);
  return (
    <Dialog title="Add a signing secret" closeOnClickOutside={false} onClose={onClose}>
      <ActForm
        act={add}
        action="Add secret"
        onSubmit={() => {
          const named = label.trim() === '' ? {} : { label: label.trim() };
          const settings = scheme === 'hmac' ? { settings: hmacOf(hmac) } : {};
          add.mutate(
            { ...endpoint, scheme, secret: secret.trim(), ...named, ...settings },
            { onSuccess: onClose },
          );
        }}
      >
        <NativeSelect label="Provider" data={providers} value={scheme} onChange={setScheme} data-autofocus />
        <SecretField
          label="Secret"
          name="secret"
          about={['INVALID_SIGNING_SECRET']}
          description={whereShown[scheme]}
          autoComplete="off"
          value={secret}
          onChange={setSecret}
          maxLength={4000}
          required
        />
        <TextField
          label="Label"
          name="label"
          description="For people, such as Stripe, live"
          value={label}
          onChange={setLabel}
          maxLength={100}
        />
        {scheme === 'hmac' && <HmacFields draft={hmac} onChange={setHmac} />}
        <Text size="sm">
          Whoever signs with it may trigger this workflow, and nothing else. It is kept sealed, and never
          shown again.
        </Text>
      </ActForm>
    </Dialog>
  );
}
