#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/result.hpp"
#include "node/wire/head_lines.hpp"
#include "node/wire/limits.hpp"

/// A line and headers, up to an empty line: Gnutella's handshake and HTTP share the form.
/// @threads any: pure.   @source Gnutella 0.6; node/wire/protocol/connection.md
namespace praline::wire {

struct HeaderLine {
    std::string name;
    std::string value;
    friend bool operator==(HeaderLine const&, HeaderLine const&) = default;
};

/// A request or status line and headers, in order.
struct HeaderBlock {
    std::string start_line;
    std::vector<HeaderLine> headers;
    friend bool operator==(HeaderBlock const&, HeaderBlock const&) = default;

    /// Values of all headers of this name, joined with ", "; empty optional when there is none. Names in any case.
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    void add(std::string_view name, std::string_view value) {
        headers.emplace_back(HeaderLine{std::string{name}, std::string{value}});
    }
    /// As it goes over the wire, with CRLF and the empty line. Control characters in values become blanks, so that no
    /// value can smuggle in a header. @pre at most `header_lines_sent_max` headers.
    [[nodiscard]] std::string text() const;
};

/// Takes a block in pieces of any size: the pieces never change the answer.
/// A repeated header stays repeated (see `get`); a line that starts with a blank continues the one before.
class HeaderBlockParser {
public:
    /// Takes bytes up to the end of the block and returns how many; those behind it belong to whatever comes next.
    /// @errors limit_exceeded: a line, their number or the whole is too long; bad_value: an empty first line, a line
    ///         without a name, control characters. An error stays.
    [[nodiscard]] Result<std::size_t> feed(ByteView in);
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// @pre done().
    [[nodiscard]] HeaderBlock const& block() const noexcept { return block_; }
    [[nodiscard]] HeaderBlock take();  ///< hands the block over and begins anew
    /// All bytes taken so far.
    [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }

private:
    [[nodiscard]] std::optional<WireError> take_byte(char c);
    [[nodiscard]] std::optional<WireError> end_line();

    static constexpr HeadRules rules{header_block_bytes_max, header_lines_max, header_block_bytes_max};

    HeaderBlock block_;
    std::string line_;
    HeadLines lines_{rules};
    std::size_t consumed_ = 0;
    bool done_ = false;
    std::optional<WireError> error_;
};

/// "0.6", "1.1": compared part by part.
struct Version {
    std::uint32_t whole = 0;
    std::uint32_t part = 0;
    friend auto operator<=>(Version const&, Version const&) = default;
    [[nodiscard]] std::string text() const { return std::to_string(whole) + '.' + std::to_string(part); }
};
/// A number with or without a part behind the dot; what follows a blank is ignored. Empty when it is none.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

/// "GNUTELLA/0.6 200 OK", "HTTP/1.1 404 Not Found".
struct StatusLine {
    std::string protocol;
    Version version;
    std::uint16_t code = 0;  ///< 100 to 999
    std::string reason;
};
[[nodiscard]] std::optional<StatusLine> parse_status_line(std::string_view line);

/// "GET /get/1/name HTTP/1.1".
struct RequestLine {
    std::string method;
    std::string target;
    std::string protocol;
    Version version;
};
[[nodiscard]] std::optional<RequestLine> parse_request_line(std::string_view line);

/// The version of "GNUTELLA CONNECT/0.6".
[[nodiscard]] std::optional<Version> parse_connect_line(std::string_view line);

/// Hosts of X-Try, X-Try-Ultrapeers, Peers, Alt-Location: separated by commas or semicolons, text behind a blank
/// ignored, unreadable entries left out, `try_hosts_max` at most.
[[nodiscard]] std::vector<Endpoint> parse_hosts(std::string_view value);
[[nodiscard]] std::string hosts_text(std::vector<Endpoint> const& hosts);

/// "True", "false", any case; empty when it is neither.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view value);
/// Whether a comma-separated list names the token, whatever follows it behind ';' (but for q=0). Any case.
[[nodiscard]] bool list_contains(std::string_view list, std::string_view token);

}  // namespace praline::wire
