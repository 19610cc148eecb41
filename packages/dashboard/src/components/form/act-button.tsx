import { Button, type ButtonProps, type ElementProps } from '@mantine/core';

/**
 * The button of a change. While that is `loading`, or it is `disabled`, pressing it does nothing, and it keeps the focus:
 * browsers take that from a button that is disabled in their own way, and give it to nothing.
 */
export function ActButton({
  onClick,
  ...props
}: ButtonProps & Omit<ElementProps<'button', keyof ButtonProps>, 'disabled'>) {
  const isIdle = props.disabled === true || props.loading === true;
  return (
    <Button
      {...props}
      renderRoot={({ disabled, ...root }) => <button {...root} aria-disabled={disabled || undefined} />}
      onClick={(event) => {
        if (isIdle) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
