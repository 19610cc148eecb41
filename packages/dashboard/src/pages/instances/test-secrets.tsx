import type { Output } from '@latchkey/protocol';
import { Alert, Group, List, Stack, Text, Textarea, Title } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActButton } from '../../components/form/act-button.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { useIntoView } from '../../components/into-view.ts';
import type { Endpoint } from './add-secret.tsx';

type Tested = Output<'signingSecrets.test'>;

/** Headers as they are copied from a log: one a line, `name: value`. A header that comes twice counts as it came last. */
function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

const said = { true: 'verifies', false: 'does not verify', null: 'is a public key, which cannot sign' };

/** What came of a test. */
function Verdict({ tested }: { tested: Tested }) {
  const { accepted, explanation, nextAction, label, secrets } = tested;
  const title = accepted ? 'It is accepted' : 'It would be refused';
  const shown = useIntoView<HTMLDivElement>(tested);
  return (
    <Alert ref={shown} color={accepted ? 'green' : 'yellow'} title={title} role="status">
      <Stack gap="xs">
        {label !== null && <Text size="sm">Signed with {label}.</Text>}
        {explanation !== null && <Text size="sm">{explanation}</Text>}
        {nextAction !== null && <Text size="sm">{nextAction}</Text>}
        {secrets.length > 0 && (
          <List size="sm">
            {secrets.map(({ signingSecretId, label: name, ok }) => (
              <List.Item key={signingSecretId}>
                {name} {said[`${ok}`]}
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Alert>
  );
}

/** Tries signing secrets out: each by a sample of its own, or all by a message that was recorded. Starts nothing. */
export function TestSecrets({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const test = useAct('signingSecrets.test');
  const [headers, setHeaders] = useInputState('');
  const [body, setBody] = useInputState('');
  return (
    <Dialog title="Test the signing secrets" onClose={onClose}>
      <Stack>
        <ActForm
          act={test}
          action="Test the message"
          isReady={headers.trim() !== ''}
          onSubmit={() => test.mutate({ ...endpoint, headers: headersOf(headers), body })}
        >
          <Text>Nothing is started and nothing is kept.</Text>
          <Group>
            <ActButton
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate(endpoint)}
              data-autofocus
            >
              Check each secret by itself
            </ActButton>
          </Group>
          <Title order={3} size="h5">
            Or a message that you have recorded
          </Title>
          <Textarea
            label="Headers"
            description="One a line, as in stripe-signature: t=1…"
            autosize
            minRows={2}
            spellCheck={false}
            value={headers}
            onChange={setHeaders}
          />
          <Textarea
            label="Body"
            description="Exactly as it was sent"
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            value={body}
            onChange={setBody}
          />
        </ActForm>
        {test.data !== undefined && <Verdict tested={test.data} />}
      </Stack>
    </Dialog>
  );
}
