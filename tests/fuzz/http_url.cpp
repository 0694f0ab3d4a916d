#include "transfer/content/http_url.hpp"

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace {

using praline::content::HttpUrl;
using praline::fuzz::require;

/// What is sent to a server has no blank, no end of a line and no byte that is not ASCII.
void require_url(HttpUrl const& url) {
    require(url.target.starts_with('/') && url.host.port != 0 && !url.host.host.empty());
    for (auto const& text : {url.text(), url.authority(), url.target})
        for (char const c : text) require(c > ' ' && c < 0x7F);
    require(praline::is_valid_utf8(url.file_name()));
    if (url.text().size() > praline::content::url_bytes_max) return;
    auto const again = HttpUrl::parse(url.text());
    require(again && again->text() == url.text() && again->authority() == url.authority());
}

}  // namespace

/// Any bytes as a URL, and what follows the first line as the place that a redirect of it names.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = praline::as_text(praline::fuzz::view(data, size));
    auto const end = text.find('\n');
    auto const first = text.substr(0, end);
    auto const url = HttpUrl::parse(first);
    require(url.has_value() == HttpUrl::problem(first).empty());
    if (!url) return 0;
    require_url(*url);
    if (end == std::string_view::npos) return 0;
    if (auto const next = url->redirected_to(text.substr(end + 1))) require_url(*next);
    return 0;
}
