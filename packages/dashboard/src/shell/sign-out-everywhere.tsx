import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSignOut } from '../components/use-sign-out.ts';

/** Asks before every session of a person ends, this one too. */
export function SignOutEverywhere({ email, onClose }: { email: string; onClose: () => void }) {
  const { signOut, isPending, error } = useSignOut('everywhere');
  return (
    <ConfirmDialog
      title="Sign out everywhere?"
      action="Sign out everywhere"
      isPending={isPending}
      error={error}
      onConfirm={signOut}
      onClose={onClose}
    >
      {`Every browser and command line that is signed in as ${email} is signed out at once, this one too. Keys stay as they are.`}
    </ConfirmDialog>
  );
}
