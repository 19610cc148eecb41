import type { Output } from '@latchkey/protocol';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { AccountButton } from './account-button.tsx';

const loadChoices = () => import('./account-choices.tsx');

/** Loads what can be chosen when it is asked for, or before, when somebody is about to. */
function useChoices() {
  const [loaded, setLoaded] = useState<Awaited<ReturnType<typeof loadChoices>>>();
  const [isMissing, setIsMissing] = useState(false);
  return {
    AccountChoices: loaded?.AccountChoices,
    isMissing,
    prepare: () => void loadChoices().catch(() => undefined),
    open: () => void loadChoices().then(setLoaded, () => setIsMissing(true)),
  };
}

/** Who is signed in, and their choices: a menu brings more code than the rest of the frame. */
export function AccountMenu({ me, organizationId }: { me: Output<'sessions.me'>; organizationId: string }) {
  const { AccountChoices, isMissing, prepare, open } = useChoices();
  if (AccountChoices !== undefined) return <AccountChoices me={me} organizationId={organizationId} />;
  return (
    <>
      {isMissing && (
        <Text size="sm" role="alert">
          Not loaded. Check your connection, then try again.
        </Text>
      )}
      <AccountButton
        email={me.email}
        aria-haspopup="menu"
        aria-expanded={false}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={open}
      />
    </>
  );
}
