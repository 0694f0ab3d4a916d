#include "tools/reproduce/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace praline::reproduce {
namespace {

constexpr std::size_t line_columns = 110;

/// Characters, not bytes: continuation bytes of UTF-8 take no column.
std::size_t columns(std::string const& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string const& text, std::size_t width) {
    std::size_t const have = columns(text);
    return have >= width ? text : text + std::string(width - have, ' ');
}

std::string wrapped(std::string const& text, std::string const& indent) {
    std::string out, line = indent;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = std::min(text.find(' ', at), text.size());
        std::string const word = text.substr(at, end - at);
        if (columns(line) + 1 + columns(word) > line_columns && line != indent) {
            out += line + '\n';
            line = indent;
        }
        line += (line == indent ? "" : " ") + word;
        at = end + 1;
    }
    return out + line + '\n';
}

std::string quoted(std::string const& text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out + '"';
}

std::string escaped(std::string const& text) {
    std::string out;
    for (char const c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
}

std::array<std::size_t, 3> count_verdicts(std::span<Check const> checks) {
    std::array<std::size_t, 3> count{};
    for (Check const& one : checks) ++count[static_cast<std::size_t>(one.verdict)];
    return count;
}

std::string names_of(std::span<Target const> targets, Verdict verdict) {
    std::string names;
    for (Target const& one : targets)
        if (one.verdict() == verdict) names += (names.empty() ? "" : ", ") + one.id;
    return names.empty() ? "none" : names;
}

}  // namespace

std::string to_text(Target const& target) {
    std::string out = target.id + "  " + target.title + "  [" + to_string(target.verdict()) + "]\n";
    out += wrapped(target.source, "    ") + wrapped(target.setup, "    ");
    std::array<std::size_t, 4> width{5, 6, 4, 9};
    for (Check const& one : target.checks) {
        std::array<std::string const*, 4> const fields{&one.what, &one.theirs, &one.ours, &one.tolerance};
        for (std::size_t at = 0; at < fields.size(); ++at) width[at] = std::max(width[at], columns(*fields[at]));
    }
    auto const row = [&](std::string const& what, std::string const& theirs, std::string const& ours,
                         std::string const& tolerance, std::string const& verdict) {
        return "    " + padded(what, width[0]) + "  " + padded(theirs, width[1]) + "  " + padded(ours, width[2]) +
               "  " + padded(tolerance, width[3]) + "  " + verdict + '\n';
    };
    out += row("figure", "theirs", "ours", "tolerance", "verdict");
    for (Check const& one : target.checks) {
        out += row(one.what, one.theirs, one.ours, one.tolerance, to_string(one.verdict));
        if (!one.remark.empty()) out += wrapped(one.remark, "        ");
    }
    return out;
}

std::string summary(std::span<Target const> targets) {
    std::array<std::size_t, 3> all{};
    for (Target const& one : targets) {
        auto const count = count_verdicts(one.checks);
        for (std::size_t at = 0; at < all.size(); ++at) all[at] += count[at];
    }
    return std::to_string(all[0]) + " figures agree, " + std::to_string(all[1]) + " differ, " + std::to_string(all[2]) +
           " were not checked.\nTargets that agree: " + names_of(targets, Verdict::agrees) +
           "; differ: " + names_of(targets, Verdict::differs) +
           "; not checked: " + names_of(targets, Verdict::not_checked) + ".\n";
}

std::string to_json(std::span<Target const> targets) {
    std::string out = "{\"targets\":[";
    for (std::size_t at = 0; at < targets.size(); ++at) {
        Target const& one = targets[at];
        out += (at == 0 ? "\n" : ",\n") + ("{\"id\":" + quoted(one.id)) + ",\"title\":" + quoted(one.title) +
               ",\"source\":" + quoted(one.source) + ",\"setup\":" + quoted(one.setup) +
               ",\"verdict\":" + quoted(to_string(one.verdict())) + ",\"checks\":[";
        for (std::size_t number = 0; number < one.checks.size(); ++number) {
            Check const& check = one.checks[number];
            out += (number == 0 ? "\n " : ",\n ") + ("{\"what\":" + quoted(check.what)) +
                   ",\"theirs\":" + quoted(check.theirs) + ",\"ours\":" + quoted(check.ours) +
                   ",\"tolerance\":" + quoted(check.tolerance) + ",\"verdict\":" + quoted(to_string(check.verdict)) +
                   ",\"remark\":" + quoted(check.remark) + "}";
        }
        out += "]}";
    }
    return out + "]}\n";
}

std::string to_html(std::span<Target const> targets, std::string const& command) {
    std::string out =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\">"
        "<title>Published results, run again</title><style>:root{color-scheme:light dark}body{font:15px/1.5 "
        "system-ui,sans-serif;"
        "max-width:62rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
        "th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #8884;vertical-align:top}"
        ".agrees{color:#187a2f}.differs{color:#c02626;font-weight:600}.not{color:#777}small{color:#777}"
        "@media (prefers-color-scheme:dark){.agrees{color:#5fd07a}.differs{color:#ff7b72}}</style>"
        "<h1>Published results, run again</h1><p>" +
        escaped(summary(targets)) + "</p><p><code>" + escaped(command) + "</code></p>";
    auto const shade = [](Verdict verdict) { return verdict == Verdict::not_checked ? "not" : to_string(verdict); };
    for (Target const& one : targets) {
        out += "<h2>" + one.id + " " + escaped(one.title) + " <small class=\"" + shade(one.verdict()) + "\">" +
               to_string(one.verdict()) + "</small></h2><p>" + escaped(one.source) + "</p><p>" + escaped(one.setup) +
               "</p><table><tr><th>figure<th>theirs<th>ours<th>tolerance<th>verdict</tr>";
        for (Check const& check : one.checks)
            out += "<tr><td>" + escaped(check.what) + "<td>" + escaped(check.theirs) + "<td>" + escaped(check.ours) +
                   "<td>" + escaped(check.tolerance) + "<td class=\"" + shade(check.verdict) + "\">" +
                   to_string(check.verdict) +
                   (check.remark.empty() ? "" : "<br><small>" + escaped(check.remark) + "</small>") + "</tr>\n";
        out += "</table>";
    }
    return out + "</html>\n";
}

}  // namespace praline::reproduce
