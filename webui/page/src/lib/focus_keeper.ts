/**
 * Keeps the keyboard where it was. When what has the focus leaves the page (a row that was removed, a question that was
 * answered), or is disabled for a moment, browsers give the focus to the body, and Tab begins at the top. Then the
 * neighbour gets it.
 */
const reachable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

interface Spot {
  parent: Element;
  /** How many elements that take the focus stand before it in the parent. */
  before: number;
}

const depthMax = 12;
let last: HTMLElement | undefined;
let spots: Spot[] = [];

function inside(parent: Element): HTMLElement[] {
  return [...parent.querySelectorAll<HTMLElement>(reachable)].filter((one) => one.tabIndex >= 0 && one.getClientRects().length > 0);
}

function remember(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement)) return;
  last = target;
  spots = [];
  for (let parent = target.parentElement; parent && spots.length < depthMax; parent = parent.parentElement) {
    let before = 0;
    for (const one of parent.querySelectorAll(reachable)) {
      if (one === target) break;
      before += 1;
    }
    spots.push({ parent, before });
    if (parent.tagName === 'MAIN') break;
  }
}

function restore(): void {
  if (!last || document.activeElement !== document.body) return;
  if (last.isConnected && last.getClientRects().length > 0) {
    last.focus({ preventScroll: true });
    return;  // one that is disabled gets it when it is enabled again
  }
  for (const { parent, before } of spots) {
    if (!parent.isConnected) continue;
    // Another view: none of it is a neighbour, and keys such as `/` work from here.
    if (parent.tagName === 'MAIN') return (parent as HTMLElement).focus({ preventScroll: true });
    const there = inside(parent);
    const next = there[Math.min(before, there.length - 1)];
    if (!next) continue;
    next.focus({ preventScroll: true });
    return;
  }
}

/** Whether the focus was in this element, and nobody has clicked since. */
export function hadFocus(element: Element): boolean {
  return last !== undefined && (last === element || spots.some((spot) => spot.parent === element));
}

export function keepFocus(): void {
  addEventListener('focusin', (event) => remember(event.target));
  // Who clicks beside everything wants no focus anywhere.
  addEventListener('pointerdown', () => (last = undefined), true);
  new MutationObserver(() => last && document.activeElement === document.body && requestAnimationFrame(restore)).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'],
  });
}
