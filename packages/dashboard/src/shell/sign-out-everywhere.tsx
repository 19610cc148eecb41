import { useAct } from '../api.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';

/** Asks before every session of a person ends, this one too. */
export function SignOutEverywhere({ email, onClose }: { email: string; onClose: () => void }) {
  const endAll = useAct('sessions.endAll');
  return (
    <ConfirmDialog
      title="Sign out everywhere?"
      action="Sign out everywhere"
      isPending={endAll.isPending}
      error={endAll.error}
      onConfirm={() => endAll.mutate({})}
      onClose={onClose}
    >
      {`Every browser and command line that is signed in as ${email} is signed out at once, this one too. Keys stay as they are.`}
    </ConfirmDialog>
  );
}
