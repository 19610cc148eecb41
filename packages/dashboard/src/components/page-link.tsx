import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

function AnchorOfPage(props: AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>) {
  return <Anchor {...props} />;
}

/** A link to another page, whose address is checked against those that there are. */
export const PageLink = createLink(AnchorOfPage);
