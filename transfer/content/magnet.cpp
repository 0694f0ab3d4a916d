#include "transfer/content/magnet.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

constexpr std::string_view scheme = "magnet:?";
constexpr std::string_view scheme_name = "magnet:";
/// Names of kinds of topic that are told to the user.
constexpr std::size_t kind_bytes_max = 32;

/// Decodes what is an escape and keeps every other percent sign: "100% wool" is often written as it is.
std::string decode_leniently(std::string_view value) {
    std::string text;
    text.reserve(value.size());
    for (std::size_t at = 0; at < value.size(); ++at) {
        auto const escape = value[at] == '%' ? percent_decode(value.substr(at, 3)) : std::nullopt;
        if (escape && escape->size() == 1 && at + 2 < value.size()) {
            text += *escape;
            at += 2;
        } else {
            text += value[at];
        }
    }
    return text;
}

/// Forms on web pages write a blank as "+".
std::string decode_text(std::string_view value) {
    std::string text{value};
    std::replace(text.begin(), text.end(), '+', ' ');
    text = decode_leniently(text);
    if (!is_valid_utf8(text) || text.size() > magnet_name_bytes_max) text.clear();
    return text;
}

/// Some programs write the SHA-1 in hexadecimal, or pad the base32.
std::optional<Urn> parse_topic(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (auto const urn = Urn::parse(text)) return urn;
    constexpr std::string_view sha1 = "urn:sha1:";
    if (!equals_ignoring_case(text.substr(0, sha1.size()), sha1)) return std::nullopt;
    auto const digest = from_hex(text.substr(sha1.size()));
    if (!digest || digest->size() != sizeof(Sha1)) return std::nullopt;
    Urn urn;
    urn.sha1.emplace();
    std::transform(digest->begin(), digest->end(), urn.sha1->bytes.begin(),
                   [](std::byte one) { return std::to_integer<std::uint8_t>(one); });
    return urn;
}

/// "urn:btih:…" is "urn:btih".
std::string kind_of(std::string_view topic) {
    auto const first = topic.find(':');
    auto const second = first == std::string_view::npos ? first : topic.find(':', first + 1);
    std::string kind;
    for (char const c : topic.substr(0, std::min(second, kind_bytes_max))) kind += c > ' ' && c < 0x7F ? c : '?';
    return to_lower_ascii(kind);
}

void take_topic(std::string_view value, Magnet& magnet) {
    auto text = decode_leniently(value);
    // Several topics in one field, separated by blanks or their "+".
    std::replace(text.begin(), text.end(), '+', ' ');
    for (auto const topic : split(text, ' ')) {
        if (auto const urn = parse_topic(topic)) {
            if (magnet.topics.size() < magnet_topics_max) magnet.topics.push_back(*urn);
            continue;
        }
        auto const kind = kind_of(topic);
        bool const ours = kind == "urn:sha1" || kind == "urn:bitprint" || kind == "urn:tree" || kind == "urn:ttroot";
        if (ours)
            magnet.broken_topic = true;
        else if (magnet.foreign_topics.size() < magnet_topics_max)
            magnet.foreign_topics.push_back(kind);
    }
}

/// False: broken.
bool take_field(std::string_view key, std::string_view value, Magnet& magnet) {
    if (key == "dn" || key == "kt") {
        std::string& field = key == "dn" ? magnet.name : magnet.keywords;
        if (field.empty()) field = decode_text(value);
    } else if (key == "xt") {
        take_topic(value, magnet);
    } else if (key == "xl") {
        auto const number = parse_number(trim(decode_leniently(value)));
        if (!number) return false;
        magnet.size_bytes = *number;
    } else if (key == "x.pe") {
        if (magnet.peers.size() < magnet_sources_max) magnet.peers.push_back(decode_leniently(trim(value)));
    } else if (key == "xs" || key == "as") {
        if (magnet.sources.size() < magnet_sources_max) magnet.sources.push_back(decode_leniently(value));
    }
    return true;
}

/// What follows "magnet:?"; some write slashes in between. Empty optional: it is no magnet link.
std::optional<std::string_view> fields_of(std::string_view link) {
    link = trim(link);
    // Links are copied with the marks that stood round them.
    while (!link.empty() && (link.front() == '<' || link.front() == '"')) link.remove_prefix(1);
    while (!link.empty() && (link.back() == '>' || link.back() == '"')) link.remove_suffix(1);
    if (!equals_ignoring_case(link.substr(0, scheme_name.size()), scheme_name)) return std::nullopt;
    link.remove_prefix(scheme_name.size());
    while (link.starts_with('/')) link.remove_prefix(1);
    if (!link.starts_with('?')) return std::nullopt;
    return link.substr(1);
}

/// True unless both are known and differ; then nothing has changed.
template <class Digest>
bool join(std::optional<Digest>& known, std::optional<Digest> const& more) {
    if (!known) known = more;
    return !more || *known == *more;
}

/// Fields that have one number behind their keys; "": those that have none.
struct Numbered {
    std::string number;
    Magnet magnet;
};

/// Takes the "1" off "xt.1". Other keys with a dot, such as "x.pe", stay as they are.
std::string take_number(std::string& key) {
    auto const dot = key.rfind('.');
    if (dot == std::string::npos || !parse_number(std::string_view{key}.substr(dot + 1))) return {};
    auto const number = key.substr(dot + 1);
    key.resize(dot);
    return number;
}

bool names_file(Magnet const& magnet) {
    return !magnet.topics.empty() || !magnet.foreign_topics.empty() || magnet.broken_topic;
}

template <class T>
void append(std::vector<T>& to, std::vector<T> const& from, std::size_t most) {
    for (auto const& one : from)
        if (to.size() < most) to.push_back(one);
}

/// All fields as those of one file.
Magnet joined(std::vector<Numbered> const& all) {
    Magnet whole;
    for (auto const& [number, one] : all) {
        append(whole.topics, one.topics, magnet_topics_max);
        append(whole.foreign_topics, one.foreign_topics, magnet_topics_max);
        append(whole.sources, one.sources, magnet_sources_max);
        append(whole.peers, one.peers, magnet_sources_max);
        if (whole.name.empty()) whole.name = one.name;
        if (whole.keywords.empty()) whole.keywords = one.keywords;
        if (!whole.size_bytes) whole.size_bytes = one.size_bytes;
        whole.broken_topic = whole.broken_topic || one.broken_topic;
    }
    return whole;
}

bool are_several_files(std::vector<Numbered> const& all) {
    std::size_t files = 0, names = 0;
    bool is_each_one = true;
    for (auto const& [number, one] : all) {
        if (!names_file(one)) continue;
        ++files;
        names += one.name.empty() ? 0U : 1U;
        is_each_one = is_each_one && (one.topics.empty() || one.urn());
    }
    if (files < 2) return false;
    auto const whole = joined(all);
    // What contradicts itself under one number is no sign of several files.
    return names > 1 || (is_each_one && !whole.topics.empty() && !whole.urn());
}

}  // namespace

std::optional<Urn> Magnet::urn() const {
    Urn all;
    for (Urn const& topic : topics)
        if (!join(all.sha1, topic.sha1) || !join(all.tiger_root, topic.tiger_root)) return std::nullopt;
    if (!all.sha1 && !all.tiger_root) return std::nullopt;
    return all;
}

Result<std::vector<Magnet>> parse_magnets(std::string_view link) {
    if (link.size() > magnet_bytes_max) return WireError::limit_exceeded;
    auto const inside = fields_of(link);
    if (!inside) return WireError::bad_value;
    auto const fields = split(*inside, '&');
    if (fields.size() > magnet_fields_max) return WireError::limit_exceeded;
    std::vector<Numbered> all{{"", {}}};
    for (std::string_view const field : fields) {
        std::size_t const equals = field.find('=');
        if (equals == std::string_view::npos) continue;
        std::string key = to_lower_ascii(trim(field.substr(0, equals)));
        // Links copied from the source of a web page have "&amp;" between their fields.
        if (key.starts_with("amp;")) key.erase(0, 4);
        auto const number = take_number(key);
        auto at = std::find_if(all.begin(), all.end(), [&](Numbered const& one) { return one.number == number; });
        if (at == all.end()) {
            if (all.size() > magnet_files_max) return WireError::limit_exceeded;
            at = all.insert(at, Numbered{number, {}});
        }
        if (!take_field(key, field.substr(equals + 1), at->magnet)) return WireError::bad_value;
    }
    if (!are_several_files(all)) return std::vector{joined(all)};
    std::vector<Magnet> files;
    for (auto& one : all)
        if (names_file(one.magnet)) files.push_back(std::move(one.magnet));
    return files;
}

Result<Magnet> parse_magnet(std::string_view link) {
    auto files = parse_magnets(link);
    if (!files) return files.error();
    return std::move(files->front());
}

std::string magnet_problem(Magnet const& magnet) {
    if (magnet.urn()) return {};
    if (!magnet.topics.empty()) return "This magnet link names two different files: its hashes contradict each other.";
    if (magnet.broken_topic)
        return "The hash in this magnet link is damaged: it has not the length, or not the letters, of such a hash.";
    std::string kinds;
    for (auto const& kind : magnet.foreign_topics)
        if (kinds.find(kind) == std::string::npos) kinds += (kinds.empty() ? "" : ", ") + kind;
    auto const verify = std::string{"so there would be nothing to verify the file with."};
    if (!kinds.empty())
        return "This magnet link names its file only by " + kinds + ", not by a SHA-1 or Tiger tree, " + verify;
    return "This magnet link names no SHA-1 or Tiger tree, " + verify;
}

std::string magnet_problem(std::string_view link) {
    auto const files = parse_magnets(link);
    if (!files && files.error() == WireError::limit_exceeded) return "This magnet link is too long.";
    if (!files && !fields_of(link)) return "This is no magnet link: one begins with \"magnet:?\".";
    if (!files) return "The length (xl) in this magnet link is no number of bytes.";
    for (auto const& file : *files)
        if (auto problem = magnet_problem(file); !problem.empty()) return problem;
    return {};
}

std::string format_magnet(Magnet const& magnet) {
    std::string link{scheme};
    auto const add = [&](std::string_view key, std::string_view value) {
        if (link.size() > scheme.size()) link += '&';
        link.append(key).append("=").append(value);
    };
    // URNs stand unescaped: their colons, dots and letters are allowed in a query, and programs compare them as text.
    for (Urn const& topic : magnet.topics) add("xt", topic.text());
    if (!magnet.name.empty()) add("dn", percent_encode(magnet.name));
    if (!magnet.keywords.empty()) add("kt", percent_encode(magnet.keywords));
    if (magnet.size_bytes) add("xl", std::to_string(*magnet.size_bytes));
    for (std::string const& source : magnet.sources) add("xs", percent_encode(source));
    for (std::string const& peer : magnet.peers) add("x.pe", percent_encode(peer));
    return link;
}

}  // namespace praline::content
