import { Alert, Code, Stack, Text } from '@mantine/core';
import type { Execution } from '../../components/use-execution.ts';

type Failed = NonNullable<Execution['errorDetails']>;

/** What to do about each kind of failure. */
const help: Readonly<Record<Failed['type'], string>> = {
  node_failure:
    'The workflow itself failed or refused what it was given. Look at its own log, and at the input below. Once that is repaired, run it again.',
  validation_error:
    'The input was not what the workflow takes. Compare it with the input schema, and trigger it anew.',
  external_api_error:
    'The target could not be reached, or what it answered was of no use. Check that it runs and that the URL of the workflow is right, then run it again.',
  timeout:
    'No result came in time. Look at whether the workflow still does its work: if so, give it more time; otherwise repair it. Then run it again.',
};

/** What is more exact than the kind. */
const exactHelp: Readonly<Record<string, string>> = {
  TARGET_NOT_ALLOWED:
    'This server calls no private addresses unless whoever runs it allows them (LATCHKEY_ALLOWED_TARGETS). Ask them, or use another URL.',
  TARGET_TLS_FAILED:
    'The certificate of the target is not valid for its name. Renew it, then run this again.',
  TARGET_REDIRECTED: 'Put the address that it redirects to into the workflow: redirects are not followed.',
  WORKFLOW_REMOVED: 'Add the workflow to its instance again, then run this again.',
};

/** Why an execution failed, and what to do about it. */
export function Failure({ type, message, code, failedNodeName }: Failed) {
  return (
    <Alert color="red" title="Why it failed">
      <Stack gap="xs">
        <Text>{message}</Text>
        {failedNodeName !== undefined && <Text size="sm">It happened in the step {failedNodeName}.</Text>}
        <Text size="sm">{exactHelp[code ?? ''] ?? help[type]}</Text>
        <Text size="sm">
          <Code>{code ?? type}</Code>
        </Text>
      </Stack>
    </Alert>
  );
}
