import classes from './skip-link.module.css';

/** The id of what the skip link leads to. */
export const contentId = 'content';

/** The first stop of the keyboard on each page: past the menu. Seen while it has the focus. */
export function SkipLink() {
  return (
    <a
      className={classes.link}
      href={`#${contentId}`}
      onClick={(event) => {
        // The address stays that of the page.
        event.preventDefault();
        document.getElementById(contentId)?.focus();
      }}
    >
      Skip to the content
    </a>
  );
}
