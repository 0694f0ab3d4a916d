#pragma once

#include "index/wire/codec_fields.hpp"

/// The fields of the values that several messages carry. Inside index/wire only.
namespace praline::index {

/// Fields of a `Value`, to be read or written.
template <class Io, class Value>
using Fields = typename Io::template Of<Value>;

template <class Io>
void fields(Io& io, Fields<Io, Sha1>& value) {
    io.bytes(value.bytes);
}
template <class Io>
void fields(Io& io, Fields<Io, TigerHash>& value) {
    io.bytes(value.bytes);
}
template <class Io>
void fields(Io& io, Fields<Io, Guid>& value) {
    io.bytes(value.bytes);
}
template <class Io>
void fields(Io& io, Fields<Io, PublisherId>& value) {
    io.bytes(value.bytes);
}

template <class Io>
void fields(Io& io, Fields<Io, Endpoint>& value) {
    io.address(value.address);
    io.number(value.port);
}

template <class Io>
void fields(Io& io, Fields<Io, Version>& value) {
    io.number(value.era);
    io.number(value.number);
}

template <class Io>
void fields(Io& io, Fields<Io, Claim>& value) {
    io.number(value.number);
    io.number(value.owner);
}

template <class Io>
void fields(Io& io, Fields<Io, SetDigest>& value) {
    io.number(value.low);
    io.number(value.high);
}

template <class Io>
void fields(Io& io, Fields<Io, Entry>& value) {
    fields(io, value.sha1);
    io.perhaps(value.tiger_root);
    io.number(value.size_bytes);
    io.require(value.size_bytes <= size_bytes_max);
    io.text(value.name, name_bytes_max);
    io.require(is_file_name(value.name));
}

template <class Io>
void fields(Io& io, Fields<Io, Publisher>& value) {
    fields(io, value.id);
    fields(io, value.transfer);
    fields(io, value.servent);
    io.truth(value.push_needed);
    io.text(value.agent, agent_bytes_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Change>& value) {
    fields(io, value.from);
    fields(io, value.to);
    io.truth(value.reset);
    io.list(value.remove, change_entries_max);
    io.list(value.add, change_entries_max - value.remove.size());
}

template <class Io>
void fields(Io& io, Fields<Io, Record>& value) {
    fields(io, value.publisher);
    fields(io, value.version);
    fields(io, value.digest);
    io.number(value.entries);
    fields(io, value.claim);
}

template <class Io>
void fields(Io& io, Fields<Io, Member>& value) {
    io.number(value.id);
    io.number(value.incarnation);
    fields(io, value.endpoint);
    io.number(value.load);
}

template <class Io>
void fields(Io& io, Fields<Io, Urn>& value) {
    io.perhaps(value.sha1);
    io.perhaps(value.tiger_root);
    io.require(value.sha1 || value.tiger_root);
}

template <class Io>
void fields(Io& io, Fields<Io, Query>& value) {
    io.text(value.words, query_bytes_max);
    io.perhaps(value.urn);
    io.number(value.wanted);
    io.number(value.size_min);
    io.number(value.size_max);
    io.text(value.kind, kind_bytes_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Row>& value) {
    fields(io, value.entry);
    io.number(value.sources_known);
    io.list(value.sources, row_sources_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Answer>& value) {
    io.list(value.rows, answer_rows_max);
    io.truth(value.more);
    io.truth(value.partial);
}

}  // namespace praline::index
