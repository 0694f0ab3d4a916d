import { ownHeaders } from './api';
import { EventStreamReader, type StreamEvent } from './event_stream';
import type { Change } from './types';

export interface EventHandlers {
  change: (change: Change) => void;
  /** Everything shown may be out of date. */
  reset: () => void;
  /** Whether the stream is up. */
  connected: (up: boolean) => void;
}

const retryAfterMs = 2000;
/** The node says that it is still there every 15 seconds. */
const silenceMs = 45_000;

/**
 * The node's event stream. It is fetched, as an EventSource cannot send the header that makes up half of the session. A
 * dropped connection is taken up again where it broke, with Last-Event-ID; when the node cannot tell what was missed, it
 * asks for a reload of all.
 */
export function listen(handlers: EventHandlers): { close: () => void; retry: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;
  let closed = false;
  let opened = false;
  const reader = new EventStreamReader((event) => deliver(event, handlers));

  function end(): void {
    clearTimeout(timer);
    clearTimeout(watchdog);
    current?.abort();
    current = undefined;
  }

  function open(): void {
    end();
    if (closed) return;
    const attempt = new AbortController();
    current = attempt;
    const alive = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => attempt.abort(), silenceMs);
    };
    const up = (): void => {
      handlers.connected(true);
      if (opened && !reader.lastId) handlers.reset();
      opened = true;
    };
    follow(attempt.signal, reader, alive, up)
      .catch(() => {})  // the end of a stream looks the same, whatever it was
      .finally(() => {
        if (closed || current !== attempt) return;
        clearTimeout(watchdog);
        handlers.connected(false);
        timer = setTimeout(open, retryAfterMs);
      });
  }

  open();
  return {
    close(): void {
      closed = true;
      end();
    },
    retry: open,
  };
}

/** Reads one connection to its end. */
async function follow(signal: AbortSignal, reader: EventStreamReader, alive: () => void, up: () => void): Promise<void> {
  const headers: Record<string, string> = { Accept: 'text/event-stream', ...ownHeaders() };
  if (reader.lastId) headers['Last-Event-ID'] = reader.lastId;
  alive();
  const response = await fetch('/api/v1/events', { headers, signal, credentials: 'same-origin', cache: 'no-store' });
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
  reader.begin();
  up();
  const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return;
    alive();
    reader.take(value);
  }
}

function deliver(event: StreamEvent, handlers: EventHandlers): void {
  if (event.type === 'reset') return handlers.reset();
  const change = event.type === 'change' ? parse(event.data) : undefined;
  if (change) handlers.change(change);
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
