/** The version of the product; `tools/check-layout` holds it against the packages. */
export const version = '0.1.0';
