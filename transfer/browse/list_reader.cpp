#include "transfer/browse/list_reader.hpp"

#include <algorithm>
#include <utility>

#include "node/base/text.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/head_lines.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/limits.hpp"

namespace praline::browse {

namespace {

constexpr std::string_view list_media_type = "application/x-gnutella-packets";
constexpr char not_files[] = "does not answer as a server of files. Check the port";

/// The Content-Type of a head, in lower case and without parameters; empty: it says none.
class MediaType final : public wire::HeadVisitor {
public:
    [[nodiscard]] static std::string in(std::string_view head) {
        constexpr wire::HeadRules rules{download::response_bytes_max, download::response_lines_max,
                                        download::response_line_bytes_max, false};
        MediaType visitor;
        (void)wire::read_head(head, rules, visitor);
        return visitor.type_;
    }
    [[nodiscard]] std::optional<WireError> start_line(std::string_view) override { return std::nullopt; }
    [[nodiscard]] std::optional<WireError> field(std::string_view name, std::string_view value) override {
        if (equals_ignoring_case(name, "Content-Type")) type_ = to_lower_ascii(trim(value.substr(0, value.find(';'))));
        return std::nullopt;
    }

private:
    std::string type_;
};

/// What a reply without a list means. Empty: it has one.
std::string refusal_in(download::HttpResponse const& reply, std::string_view head) {
    auto const later = reply.retry_after_s ? ". Ask again in " + std::to_string(*reply.retry_after_s) + " seconds"
                                           : std::string{". Try again later"};
    switch (reply.status) {
        case 200: break;
        case 403:
        case 404:
        case 405:
        case 406:
        case 501:
            return "gives no list of its files, which its user would have to allow. Search for what it has instead";
        case 429: return "has given its list too often" + later;
        case 503: return "is busy" + later;
        default:
            return "answers with status " + std::to_string(reply.status) +
                   " instead of a list of its files. Check the port";
    }
    auto const type = MediaType::in(head);
    if (!type.empty() && type != list_media_type)
        return "sends a page for people instead of a list for programs. Check the port";
    if (reply.compressed) return "sends a compressed list, which nobody asked for and which is not read";
    return {};
}

}  // namespace

ListReader::State ListReader::fail(std::string problem) {
    problem_ = std::move(problem);
    buffer_.clear();
    return state_ = State::failed;
}

ListReader::State ListReader::take(ByteView in, std::vector<wire::QueryHit>& hits) {
    if (state_ != State::more) return state_;
    if (in_body_) return read_body(in, hits);
    buffer_.insert(buffer_.end(), in.begin(), in.end());
    auto const length = wire::head_length(buffer_);
    if (!length) {
        if (buffer_.size() >= download::response_bytes_max) return fail(not_files);
        return state_;
    }
    if (!read_head(as_text(ByteView{buffer_}.first(*length)))) return state_;
    in_body_ = true;
    Bytes const behind{buffer_.begin() + static_cast<std::ptrdiff_t>(*length), buffer_.end()};
    buffer_.clear();
    return read_body(behind, hits);
}

bool ListReader::read_head(std::string_view head) {
    auto const reply = download::parse_response(head);
    auto problem = reply ? refusal_in(*reply, head) : std::string{not_files};
    if (!problem.empty()) {
        fail(std::move(problem));
        return false;
    }
    chunked_ = reply->chunked;
    if (!chunked_) left_ = reply->content_length;
    return true;
}

ListReader::State ListReader::read_body(ByteView in, std::vector<wire::QueryHit>& hits) {
    if (chunked_) return read_chunks(in, hits);
    if (left_) {
        in = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(*left_, in.size())));
        *left_ -= in.size();
    }
    bytes_ += in.size();
    if (bytes_ > limits_.bytes_max) return fail("sends more than a list may have, and is read no further");
    buffer_.insert(buffer_.end(), in.begin(), in.end());
    if (read_messages(hits) != State::more) return state_;
    return left_ == 0U ? finish() : state_;
}

ListReader::State ListReader::read_chunks(ByteView in, std::vector<wire::QueryHit>& hits) {
    std::size_t used = 0;
    auto const came = chunks_.take(in, used);
    auto const fresh = chunks_.take_body();
    buffer_.insert(buffer_.end(), fresh.begin(), fresh.end());
    if (read_messages(hits) != State::more) return state_;
    if (came == download::ChunkedBody::State::broken)
        return fail("sends chunks that are wrong, or too many of them. Try again later");
    return came == download::ChunkedBody::State::done ? finish() : state_;
}

ListReader::State ListReader::read_messages(std::vector<wire::QueryHit>& hits) {
    ByteView rest{buffer_};
    for (;;) {
        auto const message = wire::first_message(rest);
        if (!message) {
            if (message.error() != WireError::truncated)
                return fail("sends something that is no list of files. Check the port");
            break;
        }
        rest = rest.subspan(wire::header_bytes + message->payload.size());
        if (++messages_ > limits_.messages_max)
            return fail("sends more messages than a list may have, and is read no further");
        if (message->header.function != static_cast<std::uint8_t>(wire::Function::query_hit)) continue;
        auto hit = wire::decode_query_hit(message->payload);
        if (!hit) continue;
        if (files_ + hit->records.size() > limits_.files_max)
            return fail("lists more than " + std::to_string(limits_.files_max) +
                        " files, of which the first are shown");
        files_ += hit->records.size();
        hit->metadata = {};  // nobody reads it, and it may be large
        hits.push_back(std::move(*hit));
    }
    buffer_.erase(buffer_.begin(), buffer_.end() - static_cast<std::ptrdiff_t>(rest.size()));
    return state_;
}

ListReader::State ListReader::finish() {
    if (!buffer_.empty()) return fail("ended its list in the middle of a result. Try again later");
    return state_ = State::done;
}

ListReader::State ListReader::end() {
    if (state_ != State::more) return state_;
    if (!in_body_) return fail("ended the connection without an answer. Try again later");
    if (chunked_ || left_) return fail("ended the connection before the end of its list. Try again later");
    return finish();
}

void OwnHits::attribute(wire::QueryHit& hit) {
    if (servent_.is_blank()) servent_ = hit.servent;
    hit.servent = servent_;
    hit.endpoint = host_;
    hit.push_needed = push_needed_;
}

}  // namespace praline::browse
