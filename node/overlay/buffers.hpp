#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/wire/limits.hpp"

namespace praline::overlay {

/// Bytes for one socket as a list of parts, for a gather write. The body of a message is shared with the other links that
/// it goes to: it is not copied. One message needs no memory of its own.
/// @threads any, one at a time: a value.
class Buffers {
public:
    using MessageHeader = std::array<std::byte, wire::header_bytes>;

    /// Appends a message. `body` null: it has none.
    void add(MessageHeader const& header, SharedBytes body) { add(Message{header, true, std::move(body)}); }
    /// Appends bytes as they are. @pre not null.
    void add(SharedBytes bytes) { add(Message{{}, false, std::move(bytes)}); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// Calls `act(ByteView)` for each part that is not empty, in order. The views live as long as this value is not
    /// changed or moved.
    template <class Act>
    void for_each(Act act) const {
        visit(first_, act);
        for (Message const& one : rest_) visit(one, act);
    }
    /// All of it in one piece, for those who do not write to a socket.
    [[nodiscard]] Bytes joined() const {
        Bytes all;
        all.reserve(size_);
        for_each([&](ByteView part) { all.insert(all.end(), part.begin(), part.end()); });
        return all;
    }

private:
    struct Message {
        MessageHeader header{};
        bool has_header = false;
        SharedBytes body;
        [[nodiscard]] std::size_t size() const { return (has_header ? header.size() : 0) + (body ? body->size() : 0); }
    };
    void add(Message message) {
        std::size_t const size = message.size();
        if (empty())
            first_ = std::move(message);
        else if (size > 0)
            rest_.emplace_back(std::move(message));
        size_ += size;
    }
    template <class Act>
    static void visit(Message const& one, Act& act) {
        if (one.has_header) act(ByteView{one.header});
        if (one.body && !one.body->empty()) act(ByteView{*one.body});
    }

    Message first_;
    std::vector<Message> rest_;
    std::size_t size_ = 0;
};

}  // namespace praline::overlay
