import type { Change } from './types';

export interface EventHandlers {
  change: (change: Change) => void;
  /** Everything shown may be out of date. */
  reset: () => void;
  /** Whether the stream is up. */
  connected: (up: boolean) => void;
}

const retryAfterMs = 2000;

/**
 * The node's event stream. A dropped connection is taken up again by the browser itself, with Last-Event-ID; when the
 * browser has given up (the node was away, or said no) we open a new one and ask for a reload of all.
 */
export function listen(handlers: EventHandlers): { close: () => void; retry: () => void } {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let opened = 0;

  function open(): void {
    clearTimeout(timer);
    source?.close();
    if (closed) return;
    const stream = new EventSource('/api/v1/events');
    source = stream;
    let fresh = true;
    stream.addEventListener('open', () => {
      handlers.connected(true);
      opened += 1;
      if (fresh && opened > 1) handlers.reset();
      fresh = false;
    });
    stream.addEventListener('error', () => {
      handlers.connected(false);
      if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, retryAfterMs);
    });
    stream.addEventListener('reset', () => handlers.reset());
    stream.addEventListener('change', (event) => {
      const change = parse((event as MessageEvent<string>).data);
      if (change) handlers.change(change);
    });
  }

  open();
  return {
    close(): void {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
    retry: open,
  };
}

function parse(data: string): Change | undefined {
  try {
    const change = JSON.parse(data) as Partial<Change>;
    if (typeof change.topic !== 'string') return undefined;
    return { topic: change.topic, id: String(change.id ?? '') };
  } catch {
    return undefined;
  }
}
