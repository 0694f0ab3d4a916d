// The API of an index server without the server, for the tests of its status page.
import { startMock } from './mock_server.mjs';

const latency = (count, times) => {
  const [p50_ms, p90_ms, p99_ms, max_ms] = times;
  return { count, per_second: count / 3600, p50_ms, p90_ms, p99_ms, max_ms };
};

const member = (number, more) => ({
  id: `00000000000000c${number}`, address: `198.51.100.${number}:6382`, load: 25 * number, direct: true, by_way_of: null, suspected: false,
  silent_seconds: 1.2, writes_missing: 0, acks_missing: 0, same: true, differing: 0, compared_seconds_ago: 9, ...more,
});

/** A server of a group of five, as `GET /api/v1/index/status` tells of it. */
export function indexStatus() {
  return {
    version: '0.1.0', server: '00000000000000ab', incarnation: 5, address: '192.0.2.1:6382', load: 51, group_key: 'a1b2c3d4'.repeat(8),
    uptime_seconds: 273_840, answers_alone: true, draining: false, sessions: 118, publishers_here: 104, publishers: 412, digest: '9f3a6cb1e2044d07',
    catalogue: { publishers: 412, files: 1_204_511, entries: 1_730_022, disk_bytes: 734_003_200, waiting: 0 },
    members: [
      member(1),
      member(2, { by_way_of: '00000000000000c1', direct: false, writes_missing: 12, acks_missing: 3, same: false, differing: 2 }),
      member(3, { direct: false, suspected: true, silent_seconds: 41, same: false, acks_missing: 1204 }),
      member(4, { address: '[2001:db8:5e1f:12:89ab:cdef:1234:5678]:6382' }),
    ],
    searches: latency(96_411, [0.84, 3.1, 12.44, 310.2]), searches_waiting: 0, writes: latency(5_120, [2.1, 9.7, 48.3, 1_204.8]),
    counters: { comparisons: 31_204, publishers_repaired: 17, copies: 5, copied_entries: 120_344, copies_failed: 1, searches: 96_411, writes: 5_120 },
    problem: '',
  };
}

/** @return what `startMock` does, and `status`, which a test may change, and `drained`, how often it was asked to. */
export async function startIndexMock() {
  const mock = { status: indexStatus(), drained: 0 };
  const answers = () => [
    ['GET /index/status', () => mock.status],
    ['POST /index/drain', () => {
      mock.drained += 1;
      mock.status = { ...mock.status, draining: true };
      return { done: true };
    }],
  ];
  return Object.assign(mock, await startMock({ front: '/status.html', answers }));
}
