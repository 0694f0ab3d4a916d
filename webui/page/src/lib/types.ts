/** What the API sends and takes, by short names; `webui/api/openapi.json` says what each field means. */
import type { components } from './api_schema';

type Schemas = components['schemas'];

export type Index = Schemas['Index'];
export type IndexPrice = Schemas['IndexPrice'];
export type Status = Schemas['Status'];
export type Peer = Schemas['Peer'];
export type NamedPeer = Schemas['NamedPeer'];
export type SearchParameters = Schemas['SearchParameters'];
export type StrategyName = Schemas['StrategyName'];
export type Strategy = Schemas['Strategy'];
export type Price = Schemas['Price'];
export type Search = Schemas['Search'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type HistoryPage = Schemas['HistoryPage'];
export type SavedSearch = Schemas['SavedSearch'];
export type Browse = Schemas['Browse'];
export type NewBrowse = Schemas['NewBrowse'];
export type NewSearch = Schemas['NewSearch'];
export type NewSavedSearch = Schemas['NewSavedSearch'];
export type Source = Schemas['Source'];
export type Result = Schemas['Result'];
export type ResultPage = Schemas['ResultPage'];
export type AddedDownloads = Schemas['AddedDownloads'];
export type Download = Schemas['Download'];
export type Downloads = Schemas['Downloads'];
export type DownloadChange = Schemas['DownloadChange'];
export type Priority = Schemas['Priority'];
export type DownloadSource = Schemas['DownloadSource'];
export type Upload = Schemas['Upload'];
export type LeftOut = Schemas['LeftOut'];
export type Folder = Schemas['Folder'];
export type FolderPreview = Schemas['FolderPreview'];
export type Library = Schemas['Library'];
export type ContentLink = Schemas['ContentLink'];
export type SharedFile = Schemas['SharedFile'];
export type Setting = Schemas['Setting'];
export type Change = Schemas['Change'];

/** Which results, in which order: the node chooses and sorts. */
export interface ResultQuery {
  filter: string;
  kind: string;
  sort: string;
  descending: boolean;
  fresh: boolean;
}
