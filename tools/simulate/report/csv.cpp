#include "tools/simulate/report/csv.hpp"

#include <algorithm>

#include "node/base/text.hpp"

namespace praline::simulate::report {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Reads one field after the other.
class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::size_t line() const { return line_; }

    /// Up to the comma or line end behind it, which is left.
    std::string field() {
        while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
        if (at_end() || text_[at_] != '"') return plain();
        std::string value;
        for (++at_; !at_end(); ++at_) {
            if (text_[at_] == '"') {
                if (text_.substr(at_ + 1, 1) != "\"") break;
                ++at_;
            } else if (text_[at_] == '\n') {
                ++line_;
            }
            value += text_[at_];
        }
        if (!at_end()) ++at_;
        return value + plain();
    }
    /// Whether another field of the same row follows.
    bool take_comma() {
        if (at_end() || text_[at_] != ',') return false;
        ++at_;
        return true;
    }
    void take_line_end() {
        if (at_end()) return;
        at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
        ++line_;
    }

private:
    std::string plain() {
        auto const begin = at_;
        at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        return std::string{trim(text_.substr(begin, at_ - begin))};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

std::string csv_field(std::string_view text) {
    bool const is_padded = !text.empty() && trim(text).size() != text.size();
    if (!is_padded && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
    std::string quoted = "\"";
    for (char const c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

std::vector<CsvRow> parse_csv(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::vector<CsvRow> rows;
    for (Reader reader{text}; !reader.at_end(); reader.take_line_end()) {
        CsvRow row{reader.line(), {reader.field()}};
        while (reader.take_comma()) row.fields.push_back(reader.field());
        if (row.fields.size() > 1 || !row.fields.front().empty()) rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace praline::simulate::report
