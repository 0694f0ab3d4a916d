#pragma once

#include <cstddef>
#include <deque>

#include <boost/asio/ip/udp.hpp>

#include "node/base/bytes.hpp"

namespace praline::net {

/// Datagrams that wait until the system takes them, the oldest first. When it is full the newcomer is dropped.
/// @threads any, one at a time: a value.
class DatagramQueue {
public:
    struct Limits {
        std::size_t datagrams_max, bytes_max;
    };
    struct Waiting {
        boost::asio::ip::udp::endpoint to;
        Bytes datagram;
    };

    explicit DatagramQueue(Limits limits) : limits_{limits} {}

    /// False: there is no room.
    bool push(boost::asio::ip::udp::endpoint const& to, ByteView datagram) {
        if (waiting_.size() >= limits_.datagrams_max || datagram.size() > limits_.bytes_max - bytes_) return false;
        bytes_ += datagram.size();
        waiting_.push_back({to, Bytes(datagram.begin(), datagram.end())});
        return true;
    }
    /// @pre it is not empty.
    [[nodiscard]] Waiting const& front() const { return waiting_.front(); }
    void pop() {
        bytes_ -= waiting_.front().datagram.size();
        waiting_.pop_front();
    }
    void clear() {
        waiting_.clear();
        bytes_ = 0;
    }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

private:
    Limits limits_;
    std::deque<Waiting> waiting_;
    std::size_t bytes_ = 0;
};

}  // namespace praline::net
