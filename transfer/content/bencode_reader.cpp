#include "transfer/content/bencode_reader.hpp"

#include <algorithm>
#include <charconv>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

    Result<BencodeValue> value(unsigned depth) {
        if (++values_ > bencode_values_max || depth > bencode_depth_max) return WireError::limit_exceeded;
        if (at_end()) return WireError::truncated;
        switch (text_[at_]) {
            case 'i': return number();
            case 'l': return list(depth);
            case 'd': return dictionary(depth);
            default: break;
        }
        auto const begin = at_;
        auto const bytes = string();
        if (!bytes) return bytes.error();
        return BencodeValue{*bytes, text_.substr(begin, at_ - begin)};
    }

private:
    Result<BencodeValue> number() {
        auto const begin = at_;
        auto const end = text_.find('e', at_);
        if (end == std::string_view::npos) return WireError::truncated;
        auto const digits = text_.substr(at_ + 1, end - at_ - 1);
        std::int64_t number = 0;
        auto const [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (digits.empty() || error != std::errc{} || last != digits.data() + digits.size())
            return WireError::bad_value;
        // One way to write each number.
        bool const has_zeros = digits.starts_with("-0") || (digits.size() > 1 && digits.starts_with('0'));
        if (has_zeros) return WireError::bad_value;
        at_ = end + 1;
        return BencodeValue{number, text_.substr(begin, at_ - begin)};
    }

    Result<std::string_view> string() {
        if (at_end()) return WireError::truncated;
        if (text_[at_] < '0' || text_[at_] > '9') return WireError::bad_value;
        auto const colon = text_.find(':', at_);
        if (colon == std::string_view::npos) return WireError::truncated;
        auto const digits = text_.substr(at_, colon - at_);
        auto const size = parse_number(digits);
        if (!size || (digits.size() > 1 && digits.starts_with('0'))) return WireError::bad_value;
        if (*size > text_.size() - colon - 1) return WireError::truncated;
        at_ = colon + 1 + static_cast<std::size_t>(*size);
        return text_.substr(colon + 1, static_cast<std::size_t>(*size));
    }

    Result<BencodeValue> list(unsigned depth) {
        auto const begin = at_++;
        BencodeValue::List items;
        while (!at_end() && text_[at_] != 'e') {
            auto item = value(depth + 1);
            if (!item) return item.error();
            items.push_back(std::move(*item));
        }
        if (at_end()) return WireError::truncated;
        ++at_;
        return BencodeValue{std::move(items), text_.substr(begin, at_ - begin)};
    }

    Result<BencodeValue> dictionary(unsigned depth) {
        auto const begin = at_++;
        BencodeValue::Dictionary fields;
        while (!at_end() && text_[at_] != 'e') {
            auto const key = string();
            if (!key) return key.error();
            auto item = value(depth + 1);
            if (!item) return item.error();
            fields.emplace_back(*key, std::move(*item));
        }
        if (at_end()) return WireError::truncated;
        ++at_;
        return BencodeValue{std::move(fields), text_.substr(begin, at_ - begin)};
    }

    std::string_view text_;
    std::size_t at_ = 0, values_ = 0;
};

}  // namespace

BencodeValue const* BencodeValue::find(std::string_view key) const {
    auto const* const fields = dictionary();
    if (fields == nullptr) return nullptr;
    auto const at = std::find_if(fields->begin(), fields->end(), [&](auto const& one) { return one.first == key; });
    return at == fields->end() ? nullptr : &at->second;
}

Result<BencodeValue> read_bencode(std::string_view text) {
    Reader reader{text};
    auto value = reader.value(0);
    if (value && !reader.at_end()) return WireError::bad_value;
    return value;
}

}  // namespace praline::content
