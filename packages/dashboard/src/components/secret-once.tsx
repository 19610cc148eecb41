import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import { LeaveQuestion } from './form/leave-question.tsx';
import { useUnsaved } from './form/use-unsaved.ts';
import classes from './secret-once.module.css';
import { takeFocus } from './take-focus.ts';

/**
 * Offers a secret as a file of settings. The address of the file lives as long as the click. Browsers save nothing under
 * a name that begins with a dot.
 */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/**
 * A secret that has just been made: nobody can show it again, and it is not left by mistake. `variable` names it in the
 * file of settings.
 */
export function SecretOnce({
  secret,
  variable = 'LATCHKEY_API_KEY',
  onDone,
}: {
  secret: string;
  variable?: string;
  onDone: () => void;
}) {
  const [isSaved, setIsSaved] = useState(false);
  const onSaved = useCallback(() => setIsSaved(true), []);
  const { isAsked, stay, leave } = useUnsaved(!isSaved);
  return (
    <Stack>
      <Alert color="yellow" title="Save it now: it will not come back" role="status">
        This is the only time that the whole key is shown. Latchkey does not keep it and cannot show it again.
      </Alert>
      {/* Whoever cannot copy by the button selects it and copies by hand. */}
      <Code block className={classes.secret} aria-label="The new key" role="group" onCopy={onSaved}>
        {secret}
      </Code>
      {isAsked ? (
        <LeaveQuestion
          title="Close without saving it?"
          lost="You have neither copied nor downloaded the key. It will not be shown again."
          stay="Back to the key"
          leave="Close without saving"
          onStay={stay}
          onLeave={leave}
        />
      ) : (
        <Group>
          <CopyButton value={secret} onCopied={onSaved} ref={takeFocus} />
          <Button
            variant="default"
            onClick={() => {
              download('latchkey.env', `${variable}=${secret}\n`);
              onSaved();
            }}
          >
            Download as .env file
          </Button>
          <Button variant="default" onClick={onDone}>
            I have saved it
          </Button>
        </Group>
      )}
      <Text size="sm">Lost it? Revoke the key and make another.</Text>
    </Stack>
  );
}
