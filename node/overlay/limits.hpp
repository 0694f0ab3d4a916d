#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The bounds of node/overlay. Whoever builds an Overlay may set each; the defaults are those of a small servent that
/// gets on with today's network (node/wire/protocol/routing.md).
namespace praline::overlay {

struct Limits {
    // ---- slots ----
    std::size_t leaf_ultrapeers = 4;          ///< ultrapeers a leaf wants, and has at most
    std::size_t ultrapeer_links_wanted = 32;  ///< links to ultrapeers an ultrapeer tries for, among hosts it knows
    std::size_t ultrapeer_links_max = 50;     ///< incoming ones are refused beyond; peers named by the user are not
    std::size_t leaves_max = 60;
    std::size_t links_share_of_address =
        4;  ///< with all places taken, an address with more than one in so many loses one to another address
    std::size_t connecting_max = 8;  ///< outgoing attempts at the same time
    std::size_t handshaking_max =
        64;  ///< accepted connections in their handshake; beyond, see FairPlaces, one of the greediest address is evicted
    std::size_t handshaking_per_address_max =
        16;                       ///< of these: enough for the programs of one machine that start together
    std::size_t peers_max = 400;  ///< connections of any kind and state; further ones are closed at once

    // ---- handshake ----
    std::chrono::seconds first_block_within{10};  ///< of an accepted connection, to the end of its first header block
    std::chrono::seconds incoming_handshake_within{60};
    std::chrono::seconds outgoing_handshake_within{90};
    std::size_t try_hosts_sent_max = 10;            ///< entries of X-Try-Ultrapeers
    std::size_t crawler_bytes_max = 8 * 1024;       ///< of the lists a crawler gets
    std::size_t crawlers_remembered_max = 64;       ///< addresses; the oldest is evicted
    std::chrono::seconds crawler_again_after{300};  ///< the same address; 403 before

    // ---- messages ----
    std::uint8_t max_ttl = 4;                      ///< hops + TTL of what we pass on: the TTL is trimmed
    std::uint8_t hard_ttl_max = 15;                ///< hops + TTL beyond: dropped
    std::uint8_t hit_ttl_extra = 5;                ///< TTL of a hit: hops of its query and these
    std::size_t send_queue_bytes_max = 64 * 1024;  ///< of one link; the least valuable, then the oldest, is evicted
    std::size_t table_queue_bytes_max =
        2 << 20;  ///< routing tables waiting on one link, which must not have gaps; beyond: Bye 502
    std::size_t transmit_bytes_max =
        16 * 1024;  ///< of one Transmit, before compression (one larger message goes alone)
    std::size_t inflated_bytes_per_read_max = 1 << 20;  ///< of one read event; beyond: the link ends
    std::uint32_t duplicates_min = 5;         ///< a link that repeats its own messages more often than this ...
    std::uint32_t duplicates_per_mille = 50;  ///< ... and than this share of all it sent gets Bye 401
    std::uint32_t malformed_max = 50;         ///< of one link, below 65,535; then Bye 409

    // ---- what one link may bring; a second 0: as much as it likes ----
    std::uint32_t queries_per_second = 200;    ///< new ones and pings, sustained; what is over is dropped ...
    std::uint32_t queries_burst = 2000;        ///< ... first pings, then queries that have made many hops
    std::uint32_t query_bits = 640;            ///< of one, on average: a node of known capacity takes no more than ...
    std::uint32_t query_share_percent = 25;    ///< ... this share of it would carry, ...
    std::uint32_t queries_per_second_min = 4;  ///< ... but so many
    std::uint32_t slow_kbits = 1000;     ///< with less capacity, or as a leaf, we tell who brings too much (Hops Flow)
    std::uint8_t hops_flow_busy = 3;     ///< told when half of a link's credit is gone
    std::uint8_t hops_flow_swamped = 0;  ///< told when three quarters are; lifted when three quarters are back
    std::uint32_t steps_per_second = 200;  ///< walkers and key requests that were here before, and notes
    std::uint32_t steps_burst = 4000;
    std::uint32_t query_debt_max = 2000;     ///< queries a link may owe for what its queries cost, beyond its burst
    std::uint32_t requests_per_second = 10;  ///< pushes and vendor messages other than notes: rare on any honest link
    std::uint32_t requests_burst = 200;

    // ---- reverse paths ----
    std::size_t routes_max = 1 << 14;  ///< queries remembered; the oldest is evicted
    std::chrono::seconds routes_for{600};
    std::size_t own_queries_max = 1024;  ///< queries of ours that are open; the oldest is evicted
    std::size_t servents_max =
        1 << 13;  ///< reverse paths to servents, for Push; when full, the link with most loses its oldest
    std::size_t servents_per_link_max = 1 << 11;  ///< of these, learned from one link; then its own oldest is evicted
    std::chrono::seconds servents_for{1800};      ///< since the link that a path leads by has confirmed it
    std::size_t pushes_max = 1 << 12;             ///< pushes remembered, so that a copy is known; the oldest is evicted
    std::chrono::seconds pushes_for{300};

    // ---- call-backs that a push asks of us ----
    std::chrono::seconds call_back_again_after{10};  ///< the same address
    std::size_t call_backs_per_minute = 20;          ///< in all: what a slow line can serve
    std::size_t call_backs_per_minute_of_link = 15;  ///< by pushes of links from one address: some are left for others

    // ---- hosts ----
    std::size_t hosts_max = 2000;           ///< the worst is evicted
    std::size_t hosts_per_source_max = 10;  ///< new ones that one address may name, and of these in the cache at a time
    std::size_t hosts_per_host_caches_max = 50;  ///< the same of the host caches the user named, all together
    std::chrono::seconds host_credit_every{60};  ///< a source may name one more; at once if one it named was reached
    std::size_t host_sources_max = 512;          ///< addresses remembered for this
    std::size_t ports_per_address_max = 2;       ///< believed of an address that others name, until one was reached
    std::uint32_t hearsay_dials_per_second = 2;  ///< connections to hosts nobody here has reached yet
    std::chrono::seconds retry_after{120};       ///< after a refusal or a failure, doubled for each in a row ...
    std::chrono::seconds retry_after_max{3600};  ///< ... up to this
    std::uint32_t failures_max = 8;              ///< in a row; then the host is forgotten
    std::chrono::seconds named_retry_first{1};   ///< peers named by the user: doubled ...
    std::chrono::seconds named_retry_max{60};    ///< ... up to this
    std::size_t named_peers_max = 64;
    std::size_t hosts_per_message_max = 30;        ///< taken from one pong or X-Try header
    std::chrono::seconds need_hosts_every{60};     ///< NeedHosts at most once in this time
    std::chrono::seconds hosts_changed_every{30};  ///< HostsChanged at most once in this time

    // ---- pings ----
    std::chrono::seconds alive_ping_ultrapeer{20};  ///< silence after which an ultrapeer is asked by an ultrapeer
    std::chrono::seconds alive_ping_leaf{120};      ///< the same between a leaf and its ultrapeer
    std::uint32_t alive_pings_ultrapeer = 6;        ///< unanswered in a row; then Bye 406
    std::uint32_t alive_pings_leaf = 4;
    std::uint32_t degree_asked_one_in = 6;          ///< of the times that a link is found alive without a ping
    std::uint16_t degree_max = 1000;                ///< links to ultrapeers that a neighbour's word is taken for
    std::chrono::seconds stuck_within{180};         ///< nothing could be sent although something waits: the link ends
    std::chrono::seconds ping_throttle{3};          ///< discovery pings of one link closer than this are ignored
    std::chrono::seconds discovery_ping_every{30};  ///< one of ours, while we know too few hosts
    std::size_t pongs_cached_max = 50;
    std::size_t pongs_cached_per_link_max = 15;  ///< of one link; then its own oldest is evicted
    std::chrono::seconds pongs_cached_for{120};
    std::size_t pongs_per_ping = 10;
    std::size_t pings_remembered_max = 256;  ///< of ours by datagram, that pongs may answer; the oldest is evicted

    // ---- datagrams ----
    std::chrono::seconds datagram_pong_every{60};  ///< to one address
    std::size_t datagram_addresses_max = 1024;     ///< remembered for this; beyond: nobody new is answered
    std::size_t datagram_hosts_max = 10;           ///< in one IPP: an answer stays a small multiple of the question

    // ---- role and end ----
    std::chrono::seconds isolated_leaf_after{60};  ///< an automatic leaf without ultrapeer becomes one after this
    std::chrono::seconds bye_within{10};           ///< to get a Bye out; then the socket is closed
    std::size_t bye_text_max = 128;                ///< bytes shown of a peer's reason
    std::size_t agent_text_max = 96;               ///< bytes kept of a peer's User-Agent
};

}  // namespace praline::overlay
