import { Button, type ButtonProps, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { type Ref, useEffect } from 'react';

/** What is said of the last attempt; a page that came without TLS from another machine may not write there. */
function outcomeOf({ copied, error }: { copied: boolean; error: Error | null }): string {
  if (error !== null) return 'Not copied: select it and copy it by hand';
  return copied ? 'Copied' : '';
}

/** Copies `value`, shows that and says it to screen readers. `label` names what is copied; `onCopied` learns of success. */
export function CopyButton({
  value,
  label = 'Copy',
  onCopied,
  ...looks
}: {
  value: string;
  label?: string;
  onCopied?: () => void;
  ref?: Ref<HTMLButtonElement>;
} & ButtonProps) {
  const clipboard = useClipboard({ timeout: 2_000 });
  const outcome = outcomeOf(clipboard);
  useEffect(() => {
    if (clipboard.copied) onCopied?.();
  }, [clipboard.copied, onCopied]);
  return (
    <>
      <Button {...looks} onClick={() => void clipboard.copy(value)}>
        {outcome === '' ? label : outcome}
      </Button>
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
    </>
  );
}
