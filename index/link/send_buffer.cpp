#include "index/link/send_buffer.hpp"

namespace praline::index::link {

void SendBuffer::add(ByteView bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    added_ += bytes.size();
}

ByteView SendBuffer::next() {
    if (sending_.empty()) sending_.swap(pending_);
    return ByteView{sending_}.subspan(sent_);
}

void SendBuffer::written(std::size_t bytes) {
    sent_ += bytes;
    if (sent_ < sending_.size()) return;
    sent_ = 0;
    if (sending_.capacity() > kept_bytes_max)
        Bytes{}.swap(sending_);
    else
        sending_.clear();
}

}  // namespace praline::index::link
