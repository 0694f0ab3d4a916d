#include "transfer/download/chunked_body.hpp"

#include <algorithm>
#include <charconv>

#include "node/base/text.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

bool ChunkedBody::take_line(ByteView in, std::size_t& used) {
    while (used < in.size()) {
        char const c = static_cast<char>(in[used++]);
        if (++lines_bytes_ > chunk_lines_bytes_max + total_ / chunk_bytes_per_line_byte) {
            part_ = Part::broken;
            return false;
        }
        if (c == '\n') {
            if (!line_.empty() && line_.back() == '\r') line_.pop_back();
            return true;
        }
        line_ += c;
    }
    return false;
}

void ChunkedBody::read_size() {
    auto const digits = trim(std::string_view{line_}.substr(0, line_.find(';')));
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
    bool const whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!whole || left_ > bytes_max_ - total_)
        part_ = Part::broken;
    else
        part_ = left_ == 0 ? Part::trailer : Part::data;
    line_.clear();
}

ChunkedBody::State ChunkedBody::take(ByteView in, std::size_t& used) {
    used = 0;
    while (part_ != Part::done && part_ != Part::broken) {
        if (part_ == Part::data) {
            auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size() - used));
            if (count == 0) return State::more;
            auto const fresh = in.subspan(used, count);
            body_.insert(body_.end(), fresh.begin(), fresh.end());
            used += count;
            total_ += count;
            left_ -= count;
            if (left_ == 0) part_ = Part::data_end;
            continue;
        }
        if (!take_line(in, used)) {
            if (part_ != Part::broken) return State::more;
            break;
        }
        if (part_ == Part::size_line) {
            read_size();
            continue;
        }
        bool const blank = line_.empty();
        line_.clear();
        if (part_ == Part::data_end)
            part_ = blank ? Part::size_line : Part::broken;
        else if (blank)
            part_ = Part::done;
    }
    return part_ == Part::done ? State::done : State::broken;
}

}  // namespace praline::download
