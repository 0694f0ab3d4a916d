/** What the API sends. Field names are those of webui/api/views.hpp; sizes are bytes, times are seconds. */

export interface Index {
  configured: boolean;
  server: string;
  stand_by: string;
  round_trip_milliseconds: number | null;
  servers_known: number;
  fail_overs: number;
  replicas: number;
  members: number;
  published: boolean;
  publisher: string;
  group_key: string;
  problem: string;
}

/** What asking an index server cost and brought: known, not estimated. */
export interface IndexPrice {
  messages: number;
  bytes: number;
  milliseconds: number | null;
  files: number;
  more: boolean;
  problem: string;
}

export interface Status {
  version: string;
  mode: string;
  role: string;
  network: string;
  listen: string;
  data_directory: string;
  downloads_directory: string;
  user_agent: string;
  uptime_seconds: number;
  links_to_ultrapeers: number;
  links_to_leaves: number;
  known_hosts: number;
  shared_files: number;
  shared_bytes: number;
  files_waiting: number;
  library_problem: string;
  searches_open: number;
  downloads_active: number;
  uploads_active: number;
  bytes_downloaded: number;
  bytes_uploaded: number;
  index: Index;
  /** What the user should know of this run, one sentence each. */
  problems: string[];
}

export interface Peer {
  id: number;
  address: string;
  user_agent: string;
  direction: string;
  kind: string;
  compressed: boolean;
  query_routing: boolean;
  connected_seconds: number;
  bytes_in: number;
  bytes_out: number;
  messages_in: number;
  messages_out: number;
  dropped_out: number;
}

/** A peer that the user named, connected or not. */
export interface NamedPeer {
  name: string;
  address: string;
  state: 'looking_up' | 'unknown_name' | 'connecting' | 'connected' | 'failed';
  problem: string;
}

/** What is left out was left to the strategy. */
export interface SearchParameters {
  ttl?: number;
  walkers?: number;
  check_every?: number;
  max_steps?: number;
  state?: boolean;
  results_wanted?: number;
}

export interface Strategy {
  name: string;
  explanation: string;
  heeds: string[];
}

export interface HopCount {
  hops: number;
  hits: number;
}

export interface Price {
  messages: number;
  bytes: number;
  origins: number;
  origins_at_least: boolean;
  reach_about: number;
  estimates: string[];
  cached_hits: number;
  /** Left out: no answers to what was asked, and what the user leaves out. */
  hidden_hits?: number;
  excluded_hits?: number;
  hits_by_hops: HopCount[];
  first_result_seconds: number | null;
  tenth_result_seconds: number | null;
  index: IndexPrice | null;
}

export interface Search {
  id: number;
  text: string;
  open: boolean;
  state: string;
  strategy: string;
  parameters: SearchParameters;
  age_seconds: number;
  revision: number;
  rows: number;
  hits: number;
  dropped: number;
  saved_search: number;
  price: Price;
  /** Words and phrases it leaves out. */
  without?: string[];
  /** Why no peer could be asked so far, a sentence; empty: one was. */
  unasked?: string;
  /** So long late answers are taken. */
  closes_in_seconds?: number;
}

export interface HistoryEntry {
  id: number;
  text: string;
  strategy: string;
  parameters: SearchParameters;
  started_at: number;
  lasted_seconds: number;
  interrupted: boolean;
  rows: number;
  hits: number;
  dropped: number;
  saved_search: number;
  price: Price;
}

export interface SavedSearch {
  id: number;
  text: string;
  strategy: string;
  parameters: SearchParameters;
  repeat_seconds: number;
  messages_per_run: number;
  messages_per_day: number;
  created_at: number;
  next_at: number;
  last_at: number;
  runs: number;
  skips: number;
  last_skip: string;
  messages_today: number;
  results_known: number;
  new_results: number;
  search: number;
}

export interface NewSearch {
  text: string;
  strategy?: string;
  parameters?: SearchParameters;
}

export interface NewSavedSearch extends NewSearch {
  repeat_seconds: number;
  messages_per_run: number;
  messages_per_day: number;
}

export interface Source {
  address: string;
  name: string;
  vendor: string;
  push_needed: boolean;
  busy: boolean;
  hops: number;
  cached_seconds: number | null;
  indexed: boolean;
}

export interface Result {
  id: string;
  name: string;
  urn: string;
  magnet: string;
  kind: string;
  size_bytes: number;
  revision: number;
  sources: Source[];
  cached: boolean;
  in_library: boolean;
  download: string;
}

/** Which results, in which order: the node chooses and sorts. */
export interface ResultQuery {
  filter: string;
  kind: string;
  sort: string;
  descending: boolean;
  fresh: boolean;
}

export interface ResultPage {
  revision: number;
  open: boolean;
  rows: Result[];
  total: number;
  matching: number;
  offset: number;
  kinds: Record<string, number>;
}

export interface Download {
  id: string;
  name: string;
  urn: string;
  magnet: string;
  state: string;
  reason: string;
  size_bytes: number;
  received_bytes: number;
  verified_bytes: number;
  bytes_per_second: number;
  slice_bytes: number;
  verified_map: string;
  sources: Source[];
  path: string;
  size_known: boolean;
  stalled_seconds: number | null;
  next_try_seconds: number | null;
}

export interface Upload {
  address: string;
  user_agent: string;
  name: string;
  state: 'sending' | 'sent';
  sent_bytes: number;
  range_bytes: number;
  bytes_per_second: number;
}

/** What lies in a folder and is not shared, for one reason. */
export interface LeftOut {
  reason: string;
  explanation: string;
  count: number;
  names: string[];
}

export interface Folder {
  path: string;
  name: string;
  problem: string;
  files: number;
  bytes: number;
  from_config: boolean;
  needs_confirmation: boolean;
  left_out: LeftOut[];
}

/** What would be public if a folder were shared. */
export interface FolderPreview {
  path: string;
  verdict: string;
  reason: string;
  shared: boolean;
  files: number;
  bytes: number;
  complete: boolean;
  names: string[];
  warnings: string[];
  left_out: LeftOut[];
}

export interface Library {
  folders: Folder[];
  scanning: boolean;
  watching: boolean;
  files_found: number;
  files_ready: number;
  files_waiting: number;
  bytes_ready: number;
  bytes_waiting: number;
  files_failed: number;
  current: string;
  problem: string;
}

export interface SharedFile {
  index: number;
  path: string;
  name: string;
  urn: string;
  magnet: string;
  size_bytes: number;
}

export interface Setting {
  key: string;
  value: string;
  description: string;
  source: string;
  needs_restart: boolean;
  choices: string[];
  list: boolean;
  /** The items of a list, which `value` joins by commas. */
  values: string[];
  /** Why the value set here is left out, and how that is undone; empty: all is well. */
  problem: string;
}

export type Topic = 'status' | 'peers' | 'search' | 'downloads' | 'library' | 'uploads' | 'settings' | 'history' | 'saved';

export interface Change {
  topic: Topic;
  id: string;
}
