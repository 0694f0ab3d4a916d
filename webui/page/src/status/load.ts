const loadMax = 255;

/** What a server says of its load, as a whole per cent. */
export function loadPercent(load: number): number {
  return Math.round((load * 100) / loadMax);
}
