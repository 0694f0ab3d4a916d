#include "webui/api/content_links.hpp"

#include <algorithm>

#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t secret_bytes = 16;

}  // namespace

std::string ContentLinks::make(Link link, Instant now) {
    while (!links_.empty() && links_.front().until <= now) links_.pop_front();
    if (links_.size() >= content_links_max) links_.pop_front();
    auto secret = random_hex(secret_bytes);
    links_.push_back({secret_hash(secret), std::move(link), now + content_link_time});
    return secret;
}

ContentLinks::Link const* ContentLinks::find(std::string_view secret, std::string_view scope, Instant now) const {
    auto const hash = secret_hash(secret);
    auto const at = std::find_if(links_.begin(), links_.end(), [&](Kept const& kept) {
        return now < kept.until && kept.link.scope == scope && same_secret(kept.secret_hash, hash);
    });
    return at == links_.end() ? nullptr : &at->link;
}

}  // namespace praline::webui
