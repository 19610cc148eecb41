import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';

/** Offers a secret as a file of settings. The address of the file lives as long as the click. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** A secret that has just been made: nobody can show it again. */
export function SecretOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" title="Save it now">
        This is the only time that the whole key is shown. Latchkey does not keep it and cannot show it again.
      </Alert>
      <Code block aria-label="The new key">
        {secret}
      </Code>
      <Group>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
        </CopyButton>
        <Button variant="default" onClick={() => download('.env', `LATCHKEY_API_KEY=${secret}\n`)}>
          Download as .env
        </Button>
        <Button variant="default" onClick={onDone}>
          I have saved it
        </Button>
      </Group>
      <Text size="sm">Lost it? Revoke the key and make another.</Text>
    </Stack>
  );
}
