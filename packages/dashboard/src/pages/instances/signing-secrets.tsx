import type { Output } from '@latchkey/protocol';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct, useAsked } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { TextField } from '../../components/form/text-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { Time } from '../../components/time.tsx';
import { AddSecret, type Endpoint } from './add-secret.tsx';
import { providerNames } from './providers.ts';
import { TestSecrets } from './test-secrets.tsx';

type SigningSecret = Output<'signingSecrets.list'>['signingSecrets'][number];

interface Acting {
  readonly endpoint: Endpoint;
  readonly secret: SigningSecret;
  readonly onClose: () => void;
}

function RetireSecret({ endpoint, secret: { signingSecretId, label }, onClose }: Acting) {
  const retire = useAct('signingSecrets.retire');
  return (
    <ConfirmDialog
      title={`Retire ${label}?`}
      action="Retire"
      final="This cannot be undone: to take it back, paste it again."
      isPending={retire.isPending}
      error={retire.error}
      onConfirm={() => retire.mutate({ ...endpoint, signingSecretId }, { onSuccess: onClose })}
      onClose={onClose}
    >
      Messages that are signed with it are refused from the moment this is done.
    </ConfirmDialog>
  );
}

function LabelSecret({ endpoint, secret: { signingSecretId, label: before }, onClose }: Acting) {
  const update = useAct('signingSecrets.update');
  const [label, setLabel] = useInputState(before);
  return (
    <Dialog title={`Label of ${before}`} onClose={onClose}>
      <ActForm
        act={update}
        action="Save"
        onSubmit={() =>
          update.mutate({ ...endpoint, signingSecretId, label: label.trim() }, { onSuccess: onClose })
        }
      >
        <TextField
          label="Label"
          name="label"
          value={label}
          onChange={setLabel}
          maxLength={100}
          required
          data-autofocus
        />
      </ActForm>
    </Dialog>
  );
}

const dialogs = { retire: RetireSecret, label: LabelSecret };

function SecretRow({
  secret,
  onAct,
}: {
  secret: SigningSecret;
  onAct: ((action: keyof typeof dialogs) => void) | undefined;
}) {
  const { label, scheme, state, createdAt, retiredAt } = secret;
  return (
    <Row
      actions={
        onAct !== undefined &&
        state === 'active' && (
          <>
            <Button
              size="xs"
              variant="default"
              aria-label={`Change the label ${label}`}
              onClick={() => onAct('label')}
            >
              Label
            </Button>
            <Button
              size="xs"
              variant="default"
              aria-label={`Retire ${label}`}
              onClick={() => onAct('retire')}
            >
              Retire
            </Button>
          </>
        )
      }
    >
      <Group gap="xs">
        <Text fw={600}>{label}</Text>
        <StateBadge
          tone={state === 'active' ? 'good' : 'over'}
          label={state === 'active' ? 'Active' : 'Retired'}
        />
      </Group>
      <Text size="sm">
        {providerNames[scheme]}, {retiredAt === null ? 'added' : 'retired'}{' '}
        <Time at={retiredAt ?? createdAt} />
      </Text>
    </Row>
  );
}

/** What others sign their messages to a workflow with. */
export function SigningSecrets({
  endpoint,
  name,
  canManage,
}: {
  endpoint: Endpoint;
  name: string;
  canManage: boolean;
}) {
  const { data, error, refetch } = useAsked('signingSecrets.list', endpoint);
  const [isAdding, setIsAdding] = useState(false);
  const [isTesting, setIsTesting] = useState(false);
  const [acting, setActing] = useState<{ secret: SigningSecret; action: keyof typeof dialogs }>();
  const Acted = acting && dialogs[acting.action];
  const secrets = data?.signingSecrets ?? [];
  return (
    <Stack gap="sm">
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined && secrets.length === 0 && (
        <Text size="sm">
          No signing secret yet. Paste the one that Stripe, GitHub or another sender shows you, give them the
          URL above, and their messages start the workflow: no key is needed.
        </Text>
      )}
      {secrets.length > 0 && (
        <Rows label={`Signing secrets of ${name}`}>
          {secrets.map((secret) => (
            <SecretRow
              key={secret.signingSecretId}
              secret={secret}
              onAct={canManage ? (action) => setActing({ secret, action }) : undefined}
            />
          ))}
        </Rows>
      )}
      {canManage && (
        <Group>
          <Button size="xs" aria-label={`Add a signing secret to ${name}`} onClick={() => setIsAdding(true)}>
            Add a signing secret
          </Button>
          {secrets.length > 0 && (
            <Button
              size="xs"
              variant="default"
              aria-label={`Test the signing secrets of ${name}`}
              onClick={() => setIsTesting(true)}
            >
              Test
            </Button>
          )}
        </Group>
      )}
      {isAdding && <AddSecret endpoint={endpoint} onClose={() => setIsAdding(false)} />}
      {isTesting && <TestSecrets endpoint={endpoint} onClose={() => setIsTesting(false)} />}
      {acting !== undefined && Acted !== undefined && (
        <Acted endpoint={endpoint} secret={acting.secret} onClose={() => setActing(undefined)} />
      )}
    </Stack>
  );
}
