/** `g` was pressed, and the next letter names a view: it is no key of what has the focus. */
export const keys = { going: false };
