#include "search/match/conditions.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "node/base/text.hpp"
#include "search/match/limits.hpp"

namespace praline::search {
namespace {

enum class Key : std::uint8_t { type, ending, size, sources };

struct KeyWord {
    std::string_view word;
    Key key;
    std::string_view help;
};

constexpr std::array key_words{
    KeyWord{"type:", Key::type, "Kinds are archive, audio, document, image, other, program and video."},
    KeyWord{"ext:", Key::ending, "Write an ending such as ext:flac, at most 32 of them."},
    KeyWord{"size:", Key::size, "Write size:>10M, size:<1G or size:10M..1G, at most 1048576T."},
    KeyWord{"sources:", Key::sources, "Write sources:>2 or sources:>=3."},
};

/// Digits, perhaps with a point, and what follows them. Empty: it is no number of bytes, or one over `size_asked_max`.
std::optional<std::uint64_t> bytes_of(std::string_view text) {
    constexpr std::string_view units = "bkmgt";
    std::size_t const end = std::min(text.find_first_not_of("0123456789."), text.size());
    auto const number = text.substr(0, end);
    auto unit = to_lower_ascii(text.substr(end));
    if (unit.size() == 3 && unit.ends_with("ib")) unit.resize(1);
    if (unit.size() == 2 && unit[1] == 'b') unit.resize(1);
    auto const power = unit.empty() ? 0 : units.find(unit);
    auto const dot = number.find('.');
    auto const whole = parse_number(number.substr(0, dot));
    auto const part = dot == std::string_view::npos ? std::string_view{} : number.substr(dot + 1);
    if (!whole || unit.size() > 1 || power == std::string_view::npos || part.size() > 3) return std::nullopt;
    std::uint64_t const scale = std::uint64_t{1} << (10 * power);
    if (*whole > size_asked_max / scale) return std::nullopt;
    std::uint64_t const bytes = *whole * scale;
    if (dot == std::string_view::npos) return bytes;
    auto const digits = parse_number(part);
    if (!digits) return std::nullopt;
    std::uint64_t tens = 1;
    for (std::size_t at = 0; at < part.size(); ++at) tens *= 10;
    std::uint64_t const behind_dot = *digits * scale / tens;
    return behind_dot <= size_asked_max - bytes ? std::optional{bytes + behind_dot} : std::nullopt;
}

bool ends_with_one(std::string const& name, std::vector<std::string> const& endings) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string const& ending) {
        return name.size() > ending.size() && name.ends_with(ending) && name[name.size() - ending.size() - 1] == '.';
    });
}

}  // namespace

bool Conditions::take(std::string_view word, bool minus) {
    auto const lower = to_lower_ascii(word);
    auto const known = std::find_if(key_words.begin(), key_words.end(),
                                    [&](KeyWord const& one) { return lower.starts_with(one.word); });
    if (known == key_words.end()) return false;
    auto const value = std::string_view{lower}.substr(known->word.size());
    bool understood = false;
    if (known->key == Key::type) understood = take_type(value, minus);
    if (known->key == Key::ending) understood = take_ending(value, minus);
    if (known->key == Key::size) understood = !minus && take_size(value);
    if (known->key == Key::sources) understood = !minus && take_sources(value);
    auto const shown = (minus ? "-" : "") + lower.substr(0, shown_bytes_max);
    if (understood && shown_.size() < conditions_max)
        shown_.push_back(shown);
    else if (problem_.empty())
        problem_ = "\"" + shown + "\" is not understood. " + std::string{known->help};
    return true;
}

bool Conditions::take_type(std::string_view value, bool minus) {
    auto const kind = wire::content_kind_named(value);
    if (kind) (minus ? other_kinds_ : kinds_).set(static_cast<std::size_t>(*kind));
    return kind.has_value();
}

bool Conditions::take_ending(std::string_view value, bool minus) {
    auto& endings = minus ? other_endings_ : endings_;
    if (value.starts_with('.')) value.remove_prefix(1);
    if (value.empty() || value.size() > ending_letters_max || endings.size() >= conditions_max) return false;
    endings.emplace_back(value);
    return true;
}

bool Conditions::take_size(std::string_view value) {
    if (auto const dots = value.find(".."); dots != std::string_view::npos) {
        auto const least = bytes_of(value.substr(0, dots)), most = bytes_of(value.substr(dots + 2));
        if (!least || !most) return false;
        narrow(*least, *most);
        return true;
    }
    if (!value.starts_with('>') && !value.starts_with('<')) return false;
    std::uint64_t const beyond = value.substr(1).starts_with('=') ? 0 : 1;
    auto const limit = bytes_of(value.substr(beyond == 0 ? 2 : 1));
    bool const from = value.front() == '>';
    if (!limit || (!from && *limit < beyond)) return false;
    narrow(from ? *limit + beyond : 0, from ? UINT64_MAX : *limit - beyond);
    return true;
}

void Conditions::narrow(std::uint64_t least, std::uint64_t most) {
    size_min_ = std::max(size_min_, least);
    size_max_ = std::min(size_max_, most);
}

bool Conditions::take_sources(std::string_view value) {
    bool const or_equal = value.starts_with(">=");
    if (!value.starts_with('>')) return false;
    auto const number = parse_number(value.substr(or_equal ? 2 : 1));
    if (!number || *number > sources_asked_max) return false;
    sources_min_ = std::max(sources_min_, static_cast<std::size_t>(*number) + (or_equal ? 0 : 1));
    return true;
}

bool Conditions::fits(std::string_view name, std::uint64_t size_bytes) const {
    if (size_bytes < size_min_ || size_bytes > size_max_) return false;
    if (kinds_.any() || other_kinds_.any()) {
        auto const kind = static_cast<std::size_t>(wire::content_kind(name));
        if ((kinds_.any() && !kinds_.test(kind)) || other_kinds_.test(kind)) return false;
    }
    if (endings_.empty() && other_endings_.empty()) return true;
    auto const lower = to_lower_ascii(name);
    return (endings_.empty() || ends_with_one(lower, endings_)) && !ends_with_one(lower, other_endings_);
}

}  // namespace praline::search
