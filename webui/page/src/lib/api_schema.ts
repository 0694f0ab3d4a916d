// Written by `npm run types` from webui/api/openapi.json. Change that file, not this one.
export interface components {
    schemas: {
        /** @description Every refusal has this form. */
        Error: {
            /** @description What went wrong. */
            error: {
                /** @description A stable word for programs. */
                code: string;
                /** @description A sentence for people. */
                message: string;
            };
        };
        /** @description The request was carried out. */
        Done: {
            /**
             * @description Always true.
             * @enum {boolean}
             */
            done: true;
        };
        /** @description The node at a glance. */
        Status: {
            /** @description Version of Praline. */
            version: string;
            /**
             * @description What the user asked for.
             * @enum {string}
             */
            mode: "auto" | "leaf" | "ultrapeer";
            /**
             * @description What the node is now.
             * @enum {string}
             */
            role: "leaf" | "ultrapeer";
            /**
             * @description private: contacts only peers the user named; gnutella: the public network.
             * @enum {string}
             */
            network: "private" | "gnutella";
            /** @description Address and port the node accepts peers on. */
            listen: string;
            /** @description Local path of the data directory. */
            data_directory: string;
            /** @description Local path finished files go to. */
            downloads_directory: string;
            /** @description Name sent to peers. */
            user_agent: string;
            /** @description The node's identifier, hexadecimal. */
            servent_guid: string;
            /** @description Seconds since the start. */
            uptime_seconds: number;
            /** @description Open links to ultrapeers. */
            links_to_ultrapeers: number;
            /** @description Open links to leaves. */
            links_to_leaves: number;
            /** @description Hosts in the host cache. */
            known_hosts: number;
            /** @description Files offered to others. */
            shared_files: number;
            /** @description Their size in bytes. */
            shared_bytes: number;
            /** @description A sentence when hashes cannot be remembered; else empty. */
            library_problem: string;
            /** @description Files found but not hashed yet. */
            files_waiting: number;
            /** @description Searches still taking hits. */
            searches_open: number;
            /** @description Downloads under way. */
            downloads_active: number;
            /** @description Uploads under way. */
            uploads_active: number;
            /** @description Bytes received since the start. */
            bytes_downloaded: number;
            /** @description Bytes sent since the start. */
            bytes_uploaded: number;
            index: components["schemas"]["Index"];
            /** @description What the user should know of this run, one sentence each: a full disk, a stored setting that is left out. Empty: all is well. */
            problems: string[];
            /** @description Overlay counters by name. */
            counters: {
                [key: string]: number;
            };
        };
        /** @description The node and its index servers. */
        Index: {
            /** @description Whether the node knows any index server; else the other fields are blank. */
            configured: boolean;
            /** @description Address and port of the server it is signed in to; empty: none. */
            server: string;
            /** @description The server it goes on with when that one dies; empty: none. */
            stand_by: string;
            /** @description To the server and back; null: not measured yet. */
            round_trip_milliseconds: number | null;
            /** @description Servers it knows, named or learnt. */
            servers_known: number;
            /** @description How often it has gone on with another server since the start. */
            fail_overs: number;
            /** @description Servers that had the last change of what is shared when it was acknowledged. */
            replicas: number;
            /** @description Servers of the group then. */
            members: number;
            /** @description Whether the group has what is shared as it is now; also true, with no replicas, when nothing is shared. */
            published: boolean;
            /** @description Public key under which this node publishes, hexadecimal. */
            publisher: string;
            /** @description Public key of the group, as first seen; empty: none seen yet. */
            group_key: string;
            /** @description A sentence; empty: all is well. */
            problem: string;
        };
        /** @description What asking an index server cost and brought. Known, not estimated; not part of the other figures of the price. */
        IndexPrice: {
            /** @description Messages to and from index servers for this search. */
            messages: number;
            /** @description Bytes of these, before encryption. */
            bytes: number;
            /** @description Until the answer; null: none yet. */
            milliseconds: number | null;
            /** @description Different files in the answer. */
            files: number;
            /** @description Whether the server knows more than it named. */
            more: boolean;
            /** @description A sentence; empty: all is well. */
            problem: string;
        };
        /** @description One link to another node. */
        Peer: {
            /** @description Handle of the link. */
            id: number;
            /** @description Address and port. */
            address: string;
            /** @description Name the peer gives itself. */
            user_agent: string;
            /**
             * @description Who opened the link.
             * @enum {string}
             */
            direction: "incoming" | "outgoing";
            /**
             * @description What the peer is.
             * @enum {string}
             */
            kind: "ultrapeer" | "leaf";
            /** @description Whether the link is deflated. */
            compressed: boolean;
            /** @description Whether query routing tables are exchanged. */
            query_routing: boolean;
            /** @description Age of the link in seconds. */
            connected_seconds: number;
            /** @description Bytes received. */
            bytes_in: number;
            /** @description Bytes sent. */
            bytes_out: number;
            /** @description Messages received. */
            messages_in: number;
            /** @description Messages sent. */
            messages_out: number;
            /** @description Messages dropped because the link was slow. */
            dropped_out: number;
        };
        /** @description What is left out is left to the strategy; what a strategy has no use for is ignored. */
        SearchParameters: {
            /** @description Hops of a flood, of the outermost ring, of a request for a key; 7 at most, 64 for the strategy key. */
            ttl?: number;
            /** @description Walkers that leave together. */
            walkers?: number;
            /** @description Steps after which a walker asks whether to go on; 0: never. */
            check_every?: number;
            /** @description Steps of one walker. */
            max_steps?: number;
            /** @description Whether nodes remember the links that walkers of this search took. */
            state?: boolean;
            /** @description With so many it is enough. */
            results_wanted?: number;
        };
        /** @description Hits that came from one distance. */
        HopCount: {
            /** @description Hops away. */
            hops: number;
            /** @description Hits. */
            hits: number;
        };
        /** @description What a search cost this node and what it brought. What other nodes sent for it is not known here. */
        Price: {
            /** @description Messages sent by this node. */
            messages: number;
            /** @description Bytes of these, before compression. */
            bytes: number;
            /** @description Nodes that answered. */
            origins: number;
            /** @description Whether more answered than were told apart. */
            origins_at_least: boolean;
            /** @description Nodes that may have got the query: an estimate by the links that neighbours say they have. In a network of one's own it is never above the nodes heard of so far: a node that has just started, before the first pongs, says too little. */
            reach_about: number;
            /** @description Fields of this object that are estimates. */
            estimates: string[];
            /** @description Hits that came from a cache. */
            cached_hits: number;
            /** @description Hits that are not shown since they are no answer: neither name nor metadata holds one of the words, or the hash that was asked for is another or missing. A repeated hit counts once; 4096 are told apart. */
            hidden_hits: number;
            /** @description Hits that are not shown since the search leaves them out: their names hold a -word, or lack a "phrase". */
            excluded_hits: number;
            /** @description Hits by distance, nearest first; distances without hits are left out. 0: named by an index server. */
            hits_by_hops: components["schemas"]["HopCount"][];
            /** @description Time until the first file; null: none yet. */
            first_result_seconds: number | null;
            /** @description Time until the tenth file; null: not yet. */
            tenth_result_seconds: number | null;
            /** @description What asking an index server cost; null: none was asked. */
            index: components["schemas"]["IndexPrice"] | null;
        };
        /**
         * @description How a search spreads.
         * @enum {string}
         */
        StrategyName: "auto" | "flood" | "dynamic" | "expanding-ring" | "random-walk" | "biased-walk" | "key" | "index" | "hybrid";
        /**
         * @description Rough kind of file.
         * @enum {string}
         */
        FileKind: "audio" | "video" | "image" | "document" | "archive" | "program" | "other";
        /** @description A way for a search to spread. */
        Strategy: {
            /** @description How it spreads. */
            name: components["schemas"]["StrategyName"];
            /** @description One line for people. */
            explanation: string;
            /** @description The parameters that mean something to it. */
            heeds: string[];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Strategies: {
            /** @description In the order in which they are offered. */
            strategies: components["schemas"]["Strategy"][];
        };
        /** @description A search that has ended, or was under way when the node died. */
        HistoryEntry: {
            /** @description Handle of the entry. */
            id: number;
            /** @description What was searched. */
            text: string;
            /** @description How it spreads. */
            strategy: components["schemas"]["StrategyName"];
            parameters: components["schemas"]["SearchParameters"];
            /** @description When it began, in seconds since 1970. */
            started_at: number;
            /** @description Seconds from its beginning to its end. */
            lasted_seconds: number;
            /** @description The node died before it ended: how long it lasted, what it found and what it cost is not known, and 0. */
            interrupted: boolean;
            /** @description Distinct files found. */
            rows: number;
            /** @description Hits received. */
            hits: number;
            /** @description Hits refused. */
            dropped: number;
            /** @description Handle of the saved search that it repeated; 0: a person began it. */
            saved_search: number;
            price: components["schemas"]["Price"];
        };
        /** @description A part of the history, the one that began last first. */
        HistoryPage: {
            /** @description Entries on all pages. */
            total: number;
            /** @description The entries. */
            history: components["schemas"]["HistoryEntry"][];
        };
        /** @description A search that the node repeats within a budget. */
        SavedSearch: {
            /** @description Handle of the saved search. */
            id: number;
            /** @description What is searched. */
            text: string;
            /** @description How it spreads. */
            strategy: components["schemas"]["StrategyName"];
            parameters: components["schemas"]["SearchParameters"];
            /** @description Seconds from one run to the next. */
            repeat_seconds: number;
            /** @description After so many messages a run asks nobody any more; 0: no such limit. */
            messages_per_run: number;
            /** @description After so many messages in 24 hours a run is skipped; 0: no such limit. */
            messages_per_day: number;
            /** @description In seconds since 1970. */
            created_at: number;
            /** @description When the next run is due, in seconds since 1970. */
            next_at: number;
            /** @description When the last run began, in seconds since 1970; 0: never yet. */
            last_at: number;
            /** @description Runs so far. */
            runs: number;
            /** @description Runs skipped so far. */
            skips: number;
            /** @description Why the last run was skipped, a sentence; empty: it was not. */
            last_skip: string;
            /** @description Messages spent since the day's budget was renewed, at most 24 hours ago. */
            messages_today: number;
            /** @description Different files found by all runs. */
            results_known: number;
            /** @description Of these the ones first found by the last run that has ended. The first run finds out what there is: nothing of it is new. */
            new_results: number;
            /** @description Handle of the search of the last run, while the node has it; else 0. */
            search: number;
        };
        /** @description A list, wrapped so that it can grow fields. */
        SavedSearches: {
            /** @description The list. */
            saved_searches: components["schemas"]["SavedSearch"][];
        };
        /** @description A search, how often, and what it may cost. */
        NewSavedSearch: {
            /** @description Words, a URN or a magnet link. -word leaves out names that hold it, "several words" must stand in the name as they do here, -"several words" must not. What is left out is not told to the network. */
            text: string;
            /** @description How it spreads; left out: as the setting `strategy` says. */
            strategy?: components["schemas"]["StrategyName"];
            parameters?: components["schemas"]["SearchParameters"];
            /** @description Seconds from one run to the next. */
            repeat_seconds: number;
            /** @description After so many messages a run asks nobody any more; 0: no such limit. */
            messages_per_run?: number;
            /** @description After so many messages in 24 hours a run is skipped; 0: no such limit. */
            messages_per_day?: number;
        };
        /** @description A search and how far it has come. */
        Search: {
            /** @description Handle of the search. */
            id: number;
            /** @description What is searched. */
            text: string;
            /** @description Whether hits are still taken. */
            open: boolean;
            /**
             * @description asking: somebody may still be asked; listening: late answers are taken; closed: none are.
             * @enum {string}
             */
            state: "asking" | "listening" | "closed";
            /** @description How it spreads; browse: it is the list of one host, and asks nobody else. */
            strategy: components["schemas"]["StrategyName"] | "browse";
            parameters: components["schemas"]["SearchParameters"];
            /** @description Seconds since it began. */
            age_seconds: number;
            /** @description Grows with every change of a row. */
            revision: number;
            /** @description Distinct files found. */
            rows: number;
            /** @description Hits received. */
            hits: number;
            /** @description Hits refused. */
            dropped: number;
            /** @description Handle of the saved search that it repeats; 0: a person began it. */
            saved_search: number;
            price: components["schemas"]["Price"];
            /** @description Words and phrases that the search leaves out, as they were written after a minus. */
            without: string[];
            /** @description What else it asks of files, as it was written: type:audio, ext:flac, size:>10M, size:1M..20M, sources:>2; the first two also with a minus. */
            conditions: string[];
            /** @description Why nobody could be asked so far, a sentence; empty: somebody was asked. */
            unasked: string;
            /** @description So long late answers are still taken; 0: it is closed. */
            closes_in_seconds: number;
            /** @description Of the list of one host; null: it is a search. */
            browse: components["schemas"]["Browse"] | null;
        };
        /** @description How far the list of one host has come. */
        Browse: {
            /** @description Address or name, and port. */
            host: string;
            /** @description Id of the result by which it was named; empty: by none. With both the same host can be asked again. */
            result: string;
            /** @description Read of its list so far. */
            bytes: number;
            /** @description Whether the whole list is here. */
            complete: boolean;
            /** @description Why there is no list, or not all of it, and what to do, in sentences; empty: nothing is wrong so far. */
            problem: string;
        };
        /** @description Whose files are to be listed. By a result also a host can be asked that others cannot connect to. */
        NewBrowse: {
            /** @description Address or name, and port. With `result` the source of that result at this address. */
            host?: string;
            /** @description Id of a result: its first source that says that it gives a list, unless `host` names one. */
            result?: string;
        };
        /** @description One node that offers a file. */
        Source: {
            /** @description Address and port. */
            address: string;
            /** @description What this node calls the file. */
            name: string;
            /** @description Four-letter code of its program. */
            vendor: string;
            /** @description Whether it can only be asked to connect to us. */
            push_needed: boolean;
            /** @description Whether all its slots are taken. */
            busy: boolean;
            /** @description Hops its answer travelled. */
            hops: number;
            /** @description A cache said so, and had it for so many seconds; null: the node itself did. */
            cached_seconds: number | null;
            /** @description An index server said so. */
            indexed: boolean;
            /** @description It says that it gives a list of its files (browse host). */
            browsable: boolean;
        };
        /** @description One file found, with all its sources. */
        Result: {
            /** @description Name of the row, usable to start a download: search-row. */
            id: string;
            /** @description File name. */
            name: string;
            /** @description Content name; may be empty. */
            urn: string;
            /** @description Magnet link; may be empty. */
            magnet: string;
            kind: components["schemas"]["FileKind"];
            /** @description Size in bytes. */
            size_bytes: number;
            /** @description Revision of the search at which this row last changed. */
            revision: number;
            /** @description Who offers it. */
            sources: components["schemas"]["Source"][];
            /** @description Whether no source has said so itself, only caches. */
            cached: boolean;
            /** @description Whether the library has it already. */
            in_library: boolean;
            /** @description Id of a download of the same content; empty: none. */
            download: string;
        };
        /** @description Rows changed after a revision, ordered by revision. */
        ResultChanges: {
            /** @description Pass this as `since` next time. Smaller than the search's revision when rows were left for the next page. */
            revision: number;
            /** @description Whether the search is open. */
            open: boolean;
            /** @description The rows. */
            rows: components["schemas"]["Result"][];
        };
        /** @description A page of all rows, in the order asked for. */
        ResultPage: {
            /** @description The search's revision. */
            revision: number;
            /** @description Whether the search is open. */
            open: boolean;
            /** @description Rows of the search. */
            total: number;
            /** @description Rows that were chosen, on all pages. */
            matching: number;
            /** @description Rows left out at the start. */
            offset: number;
            /** @description Rows of each kind, whatever was chosen. */
            kinds: {
                [key: string]: number;
            };
            /** @description The rows of this page. */
            rows: components["schemas"]["Result"][];
        };
        /** @description A file being fetched. */
        Download: {
            /** @description Handle of the download. */
            id: string;
            /** @description File name. */
            name: string;
            /** @description Content name. */
            urn: string;
            /** @description Magnet link. */
            magnet: string;
            /**
             * @description What it is doing.
             * @enum {string}
             */
            state: "queued" | "searching" | "connecting" | "downloading" | "stalled" | "verifying" | "paused" | "waiting" | "completed" | "failed";
            /** @description Sentences: why it does not go on, who does not answer, what is tried next and when; empty when all is well. */
            reason: string;
            /** @description Size in bytes. */
            size_bytes: number;
            /** @description Bytes received. */
            received_bytes: number;
            /** @description Bytes checked against the tree. */
            verified_bytes: number;
            /** @description Bytes per second now. */
            bytes_per_second: number;
            /** @description Bytes a verified slice has; 0: no tree yet. */
            slice_bytes: number;
            /** @description At most 200 characters, one a group of slices: 0 missing, 1 verified, 2 partly. */
            verified_map: string;
            /** @description Who offers it. */
            sources: components["schemas"]["Source"][];
            /** @description Local path of the finished file; empty before. */
            path: string;
            /** @description Whether `size_bytes` says anything: a file asked for by its hash has no size before a source is found. */
            size_known: boolean;
            /** @description Seconds since the last byte came, while it is stalled; else null. */
            stalled_seconds: number | null;
            /** @description Seconds until a source is asked again, while all have to wait; else null. */
            next_try_seconds: number | null;
            /** @description Each source with what it does and what came from it; those that are not asked any more too. */
            source_details: components["schemas"]["DownloadSource"][];
            priority: components["schemas"]["Priority"];
            /** @description Place among those of its priority; the lowest comes first. */
            order: number;
            /** @description While it waits for its turn: 1 is the next; else null. It shrinks as others begin, which alone is no change of this download. */
            queue_place: number | null;
            /** @description Local folder where the file goes. */
            directory: string;
            /** @description Handle of the folder that it is a part of, for all that takes the handle of a download; empty: none. */
            group: string;
            /** @description Name of that folder. */
            group_name: string;
            /** @description Folders between that one and the file, joined by slashes. */
            below: string;
        };
        /** @description A source as a download has come to know it. */
        DownloadSource: {
            /** @description Where it listens; of a file on a web server its URL. */
            address: string;
            /** @description Vendor code; empty when unknown. */
            vendor: string;
            /**
             * @description What it does; `dropped`: it is not asked any more.
             * @enum {string}
             */
            state: "waiting" | "connecting" | "idle" | "asked" | "receiving" | "stalled" | "dropped";
            /** @description Bytes of the file that came from it. */
            received_bytes: number;
            /** @description Of them, bytes in pieces that fit the Tiger tree. */
            verified_bytes: number;
            /** @description Of them, bytes in pieces that did not; of such a piece another source may have sent a part. */
            failed_bytes: number;
            /** @description What it sends now. */
            bytes_per_second: number;
            /** @description Milliseconds from a request to its first byte; null before it has sent any. */
            latency_ms: number | null;
            /** @description Seconds until it is asked again, while it has to wait; else null. */
            next_try_seconds: number | null;
            /** @description How it disappointed last, in words that follow its name; empty: it did not. */
            trouble: string;
        };
        /** @description A partial file that belongs to no download, because the record of its download was lost. */
        Partial: {
            /** @description Name of the file. */
            name: string;
            /** @description Local path. */
            path: string;
            /** @description Its length in bytes. */
            size_bytes: number;
            /** @description When it was last written, in seconds since 1970. */
            changed_at: number;
        };
        /** @description An upload slot in use. */
        Upload: {
            /** @description Address of the receiver. */
            address: string;
            /** @description Its program. */
            user_agent: string;
            /** @description File name. */
            name: string;
            /**
             * @description sending; sent: the piece is sent, and the slot is kept a moment for the next request.
             * @enum {string}
             */
            state: "sending" | "sent";
            /** @description Bytes sent. */
            sent_bytes: number;
            /** @description Bytes asked for. */
            range_bytes: number;
            /** @description Bytes per second now. */
            bytes_per_second: number;
        };
        /** @description A shared folder. */
        Folder: {
            /** @description Local path. One that is not UTF-8 is a file URL, such as file:///music/Caf%E9; requests take both. */
            path: string;
            /** @description Name others see. */
            name: string;
            /** @description A sentence when it cannot be read; else empty. */
            problem: string;
            /** @description Files in it. */
            files: number;
            /** @description Their size in bytes. */
            bytes: number;
            /** @description The setting share (config file, command line or settings page) names it: taken out there, it is no longer shared. */
            from_config: boolean;
            /** @description Nothing of it is shared before it is added with confirm: its owner may not expect it to be public. */
            needs_confirmation: boolean;
            /** @description What lies in it and is not shared, by reason. */
            left_out: components["schemas"]["LeftOut"][];
        };
        /** @description What is not shared for one reason. */
        LeftOut: {
            /**
             * @description A stable word for programs.
             * @enum {string}
             */
            reason: "hidden" | "link" | "special" | "empty" | "own_data" | "unreadable" | "changing" | "too_deep" | "too_many";
            /** @description Words for people, after the number. */
            explanation: string;
            /** @description How many files and folders. */
            count: number;
            /** @description The first 20, below the shared folder. */
            names: string[];
        };
        /** @description What would be public if a folder were shared. */
        FolderPreview: {
            /** @description Where the folder really is, links followed. */
            path: string;
            /**
             * @description Whether naming it is enough, or it must be added with confirm, or is not shared whatever is said.
             * @enum {string}
             */
            verdict: "ordinary" | "needs_confirmation" | "refused";
            /** @description A sentence that says why; empty when ordinary. */
            reason: string;
            /** @description Whether it is shared already. */
            shared: boolean;
            /** @description Files that would be public. */
            files: number;
            /** @description Their size. */
            bytes: number;
            /** @description false: there is more; the look ended after 5 seconds or 500,000 entries. */
            complete: boolean;
            /** @description The first 50 files, below the folder. */
            names: string[];
            /** @description Sentences on what looks like keys, passwords, mail and the like. */
            warnings: string[];
            /** @description What would not be shared, by reason. */
            left_out: components["schemas"]["LeftOut"][];
        };
        /** @description A folder to share. */
        NewFolder: {
            /** @description Full local path, or one that begins with ~/ for the home folder of who runs the node. */
            path: string;
            /** @description The user has seen the preview of this folder and said yes. Without it a home folder, a folder of the system and the like is answered with 409, needs_confirmation. */
            confirm?: boolean;
        };
        /** @description What is shared, and how far the scan is. */
        Library: {
            /** @description Shared folders. */
            folders: components["schemas"]["Folder"][];
            /** @description Whether a scan runs. */
            scanning: boolean;
            /** @description Whether changes are followed at once. */
            watching: boolean;
            /** @description Files seen. */
            files_found: number;
            /** @description Files hashed and shared. */
            files_ready: number;
            /** @description Files to be hashed. */
            files_waiting: number;
            /** @description Bytes hashed. */
            bytes_ready: number;
            /** @description Bytes to be hashed. */
            bytes_waiting: number;
            /** @description Files that could not be read. */
            files_failed: number;
            /** @description File being hashed; may be empty. */
            current: string;
            /** @description A sentence when hashes cannot be remembered; else empty. */
            problem: string;
        };
        /** @description A file offered to others. */
        SharedFile: {
            /** @description Index on the wire. */
            index: number;
            /** @description Virtual path, never a local one. */
            path: string;
            /** @description File name. */
            name: string;
            /** @description Content name. */
            urn: string;
            /** @description Magnet link. */
            magnet: string;
            /** @description Size in bytes. */
            size_bytes: number;
        };
        /** @description One setting and where its value comes from. */
        Setting: {
            /** @description Name. */
            key: string;
            /** @description Value as text. */
            value: string;
            /** @description What it does. */
            description: string;
            /**
             * @description Who set it.
             * @enum {string}
             */
            source: "default" | "config" | "flag" | "page";
            /** @description Whether a change waits for the next start. */
            needs_restart: boolean;
            /** @description The values allowed; empty: any text or number that fits. */
            choices: string[];
            /** @description Whether it is a list. */
            list: boolean;
            /** @description The items of a list, which `value` joins by commas; empty for other settings. */
            values: string[];
            /** @description A value was stored by the page or `praline config set` that is of no use here now: it is left out, this sentence says why and how it is undone. Empty: all is well. */
            problem: string;
        };
        /** @description Data of an event `change`: what to ask for again. */
        Change: {
            /**
             * @description What changed.
             * @enum {string}
             */
            topic: "status" | "peers" | "search" | "downloads" | "library" | "uploads" | "settings" | "history" | "saved";
            /** @description Which one, for search and downloads; may be empty. */
            id: string;
        };
        /** @description A peer that the user named, in the settings or while the node runs. */
        NamedPeer: {
            /** @description As it was named. */
            name: string;
            /** @description Its address and port; empty until its name has been looked up. */
            address: string;
            /**
             * @description How far the way to it is. It is tried again whatever the state.
             * @enum {string}
             */
            state: "looking_up" | "unknown_name" | "connecting" | "connected" | "failed";
            /** @description Why it is not connected, as a sentence; empty: nothing is known against it. */
            problem: string;
        };
        /** @description A list, wrapped so that it can grow fields. */
        Peers: {
            /** @description The open links. */
            peers: components["schemas"]["Peer"][];
            /** @description The peers that the user named, connected or not. */
            named: components["schemas"]["NamedPeer"][];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Searches: {
            /** @description The list. */
            searches: components["schemas"]["Search"][];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Downloads: {
            /** @description To be sent as `since` the next time. */
            revision: number;
            /** @description Whether these are all there are; else those that changed since. */
            complete: boolean;
            /** @description The list. */
            downloads: components["schemas"]["Download"][];
            /** @description Handles of those that are gone since. */
            removed: string[];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Partials: {
            /** @description The list. */
            partials: components["schemas"]["Partial"][];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Uploads: {
            /** @description The list. */
            uploads: components["schemas"]["Upload"][];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Settings: {
            /** @description The list. */
            settings: components["schemas"]["Setting"][];
        };
        /** @description A list, wrapped so that it can grow fields. */
        SharedFiles: {
            /** @description The list. */
            files: components["schemas"]["SharedFile"][];
        };
        /** @description Address and port of a peer, as 192.0.2.10:6346. */
        NewPeer: {
            /** @description Address and port of a peer, as 192.0.2.10:6346. */
            address: string;
        };
        /** @description Words, a URN or a magnet link, and how to search for it. */
        NewSearch: {
            /** @description Words, a URN or a magnet link. -word leaves out names that hold it, "several words" must stand in the name as they do here, -"several words" must not. What is left out is not told to the network. */
            text: string;
            /** @description How it spreads; left out: as the setting `strategy` says. */
            strategy?: components["schemas"]["StrategyName"];
            parameters?: components["schemas"]["SearchParameters"];
        };
        /** @description A magnet link, a URN or the id of a result. */
        NewDownload: {
            /** @description A magnet link, a URN or the id of a result. Of a link that names several files all are begun, and the first is answered. */
            what: string;
            priority?: components["schemas"]["Priority"];
            /** @description Local folder where the file goes, by its whole path; made when missing. Empty or left out: the setting `downloads`. */
            folder?: string;
        };
        /**
         * @description Those of higher priority begin first.
         * @enum {string}
         */
        Priority: "high" | "normal" | "low";
        /** @description Files to be fetched, at most 2,000. */
        NewDownloads: {
            /** @description They are one folder of this name: it is made below `folder`, and added wholly or not at all. Empty or left out: each is a download of its own. */
            group?: string;
            priority?: components["schemas"]["Priority"];
            /** @description As of one download. */
            folder?: string;
            /** @description Each by a text as `what` takes it, or by an object. A magnet link that names several files counts as so many. */
            files: (string | components["schemas"]["ListedFile"])[];
        };
        /** @description A file of a list. */
        ListedFile: {
            /** @description A magnet link, a URN or the id of a result. */
            what: string;
            /** @description File name; left out: as `what` says. */
            name?: string;
            /** @description Of a file of a folder: its place there, at most 16 parts joined by slashes; refused if it leads out of the folder. Left out: its name. */
            path?: string;
            /** @description Size in bytes, a claim until the hash agrees. */
            size_bytes?: number;
            /** @description http:// addresses of sources. */
            sources?: string[];
        };
        /** @description What became of a list. */
        AddedDownloads: {
            /** @description Handle of the folder; empty: it is none. */
            group: string;
            /** @description In the order of the list. */
            downloads: components["schemas"]["AddedDownload"][];
        };
        /** @description What became of a file of a list. */
        AddedDownload: {
            /** @description Handle of the download; empty: it was not begun. */
            id: string;
            /** @description A sentence that says why; empty: it was. */
            problem: string;
        };
        /** @description What is to be different; the rest stays. */
        DownloadChange: {
            priority?: components["schemas"]["Priority"];
            /** @description Local folder where it goes when it is finished; empty: the setting `downloads`. */
            folder?: string;
            /**
             * @description Its place among those of its priority; a folder of downloads goes first or last only.
             * @enum {string}
             */
            move?: "first" | "earlier" | "later" | "last";
        };
        /** @description Local path of a folder. */
        FolderPath: {
            /** @description Local path of a folder. */
            path: string;
        };
        /** @description A session was opened: its cookie is in Set-Cookie. */
        LoggedIn: {
            /**
             * @description Always true.
             * @enum {boolean}
             */
            done: true;
            /** @description To be sent as X-Praline-Key with every request. */
            key: string;
        };
        /** @description What only the holder of the token can say. */
        NodeProof: {
            /** @description HMAC-SHA256 with the token as its key, hexadecimal, of "praline node proof 1|NONCE|ADDRESS:PORT", the address being the one the node listens on. */
            proof: string;
        };
        /**
         * @description read: to look, which includes the bytes of files. control: also to begin, change and end searches, browsing, downloads, links to peers and content links, to delete what is remembered of them, and to rescan shared folders; files go into the folder of downloads and folders in it. admin: also to put files anywhere, to change settings, to share other folders and see beforehand what that would show, to log browsers in, to stop the node, and to make tokens. Each operation names its own as x-scope; none is open to everybody on this machine.
         * @enum {string}
         */
        Scope: "read" | "control" | "admin";
        /** @description A named token; its secret is not kept. */
        Token: {
            /** @description Its name. */
            name: string;
            scope: components["schemas"]["Scope"];
        };
        /** @description A list, wrapped so that it can grow fields. */
        Tokens: {
            /** @description The list. */
            tokens: components["schemas"]["Token"][];
        };
        /** @description A token to make. */
        WantedToken: {
            /** @description Its name. */
            name: string;
            /** @default read */
            scope: components["schemas"]["Scope"];
        };
        /** @description A token that was made. */
        NewToken: {
            /** @description Its name. */
            name: string;
            scope: components["schemas"]["Scope"];
            /** @description What a program sends; not shown again. */
            token: string;
        };
        /** @description A browser that is logged in. */
        Session: {
            /** @description Names it here; opens nothing. */
            id: string;
            /** @description What it called itself (User-Agent); empty: nothing. */
            browser: string;
            /** @description Since its login. */
            age_seconds: number;
            /** @description Until it has to log in again. */
            expires_in_seconds: number;
            /** @description It is the one that asks. */
            current: boolean;
        };
        /** @description A list, wrapped so that it can grow fields. */
        Sessions: {
            /** @description The list. */
            sessions: components["schemas"]["Session"][];
        };
        /** @description A link that logs a browser in. */
        LoginLink: {
            /** @description Valid once, for ten minutes. */
            link: string;
        };
        /** @description A link that opens one file. */
        ContentLink: {
            /** @description Address of the content, which needs no header. */
            link: string;
            /** @description By the ending of its name. */
            media_type: string;
            /** @description Whether a browser shows or plays it; else it saves it. */
            shown: boolean;
            /** @description How long the link is good for. */
            expires_in_seconds: number;
        };
        /** @description The API token, from the file in the data directory. */
        Login: {
            /** @description The API token, from the file in the data directory. */
            token: string;
        };
        /** @description An index server and its group. Ids are hexadecimal. */
        IndexServerStatus: {
            /** @description Version of Praline. */
            version: string;
            /** @description Its id in the group. */
            server: string;
            /** @description Larger at each start: it tells a restarted server from its earlier self. */
            incarnation: number;
            /** @description Address and port that nodes and other servers are told. */
            address: string;
            /** @description How busy it is, 0 to 255: of sessions, searches and changes the largest part of what it takes. */
            load: number;
            /** @description Public key of the group: what nodes may pin. */
            group_key: string;
            /** @description Seconds since the start. */
            uptime_seconds: number;
            /** @description Whether its catalogue is complete; else it asks another server too. */
            answers_alone: boolean;
            /** @description Whether it sends its nodes elsewhere before it stops. */
            draining: boolean;
            /** @description Nodes connected. */
            sessions: number;
            /** @description Nodes signed in here that publish. */
            publishers_here: number;
            /** @description Nodes that publish, in the whole group. */
            publishers: number;
            /** @description Of all publishers in the catalogue: the same at servers that hold the same. */
            digest: string;
            /** @description What it holds. */
            catalogue: components["schemas"]["IndexCatalogue"];
            /** @description The other servers of the group. */
            members: components["schemas"]["IndexMember"][];
            /** @description From a question to its answer. */
            searches: components["schemas"]["Latency"];
            /** @description Searches that no thread has ended yet. */
            searches_waiting: number;
            /** @description From a change to its acknowledgement by the group. */
            writes: components["schemas"]["Latency"];
            /** @description Counters since the start, by name. */
            counters: {
                [key: string]: number;
            };
            /** @description A sentence; empty: all is well. */
            problem: string;
        };
        /** @description The catalogue of an index server. */
        IndexCatalogue: {
            /** @description Nodes whose files it holds. */
            publishers: number;
            /** @description Different files. */
            files: number;
            /** @description Files as published: one that three nodes share counts three times. */
            entries: number;
            /** @description Bytes on disk. */
            disk_bytes: number;
            /** @description Changes and questions that wait for a thread. */
            waiting: number;
        };
        /** @description Another server of the group, as this one sees it. */
        IndexMember: {
            /** @description Its id. */
            id: string;
            /** @description Address and port. */
            address: string;
            /** @description As in its own status. */
            load: number;
            /** @description Whether there is a link to it. */
            direct: boolean;
            /** @description Id of the server that relays to it; null: there is no need, or no way. */
            by_way_of: string | null;
            /** @description Whether it may have died: nothing was heard of it for too long. */
            suspected: boolean;
            /** @description Since it was heard of. */
            silent_seconds: number;
            /** @description Changes of its own that have not come here. */
            writes_missing: number;
            /** @description Changes of ours that it has not acknowledged. */
            acks_missing: number;
            /** @description Whether the last comparison of catalogues found no difference. */
            same: boolean;
            /** @description Publishers in which the last comparison differed. */
            differing: number;
            /** @description Since that comparison. */
            compared_seconds_ago: number;
        };
        /** @description How often, and how long it took. */
        Latency: {
            /** @description Since the start. */
            count: number;
            /** @description Over the last ten seconds. */
            per_second: number;
            /** @description Half took at most so long, of the latest few thousand. */
            p50_ms: number;
            /** @description Nine tenths took at most so long. */
            p90_ms: number;
            /** @description 99 in 100 took at most so long. */
            p99_ms: number;
            /** @description The longest. */
            max_ms: number;
        };
        /** @description New values by key; numbers and booleans are taken as text, null undoes what was set. The text of a list holds a JSON list, one item a line, or items with commas between them; a comma in a path belongs to the path. Each value is tried (addresses are bound, folders made); when one is refused, none is taken. */
        SettingChanges: {
            [key: string]: string | number | boolean | string[] | null;
        };
    };
    responses: {
        /** @description The request cannot be understood or carried out. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The token is missing or wrong. */
        Unauthorised: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not carried out yet: it needs something else first; `code` says what. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The request comes from elsewhere: Host, Origin or Sec-Fetch-Site is not ours, a change by cookie carries no proof, or the token's scope is too small. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no such thing. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description This address does not take this method. */
        MethodNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is over 64 KiB, that of a list of downloads over 1 MiB, or a Metalink or .torrent file over 8 MiB. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many event streams are open, or too many files are being sent. */
        TooMany: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The header is over 16 KiB. */
        HeaderTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The node could not answer. */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many connections are open, or the node has too much to do to sort the results asked for. */
        Busy: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The data directory took nothing, on a full disk for instance. Nothing was changed. */
        NotSaved: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
