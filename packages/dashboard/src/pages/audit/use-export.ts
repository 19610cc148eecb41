import { useMutation } from '@tanstack/react-query';
import { chainOf, fileOf } from './chain.ts';

/** Offers a file; its address lives as long as the click. */
function offer(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** Saves the whole chain, from its first event on. */
export function useExport(organizationId: string) {
  return useMutation({
    mutationFn: () => fileOf(chainOf(organizationId)),
    onSuccess: (file) => offer('audit.jsonl', file),
  });
}
