#include "transfer/upload/conditions.hpp"

#include <catch2/catch.hpp>

namespace praline::upload::conditions_test {

namespace {

Validators const file{"\"TAG\"", 784'111'777};
constexpr auto before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr auto same = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr auto after = "Sun, 06 Nov 1994 08:49:38 GMT";

Conditions none_match(std::string const& value) {
    Conditions c;
    c.if_none_match = value;
    return c;
}
Conditions match(std::string const& value) {
    Conditions c;
    c.if_match = value;
    return c;
}
Conditions modified_since(std::string const& value) {
    Conditions c;
    c.if_modified_since = value;
    return c;
}
Conditions unmodified_since(std::string const& value) {
    Conditions c;
    c.if_unmodified_since = value;
    return c;
}
Conditions range_if(std::string const& value) {
    Conditions c;
    c.if_range = value;
    return c;
}

}  // namespace

TEST_CASE("without a condition a file is served") {
    CHECK(weigh({}, file) == Precondition::met);
    CHECK(range_applies({}, file));
}

TEST_CASE("a copy that the peer has already is not sent again") {
    CHECK(weigh(none_match("*"), file) == Precondition::not_modified);
    CHECK(weigh(none_match("\"TAG\""), file) == Precondition::not_modified);
    CHECK(weigh(none_match("\"a\", W/\"TAG\""), file) == Precondition::not_modified);
    CHECK(weigh(none_match("\"a,b\" ,\"TAG\""), file) == Precondition::not_modified);
    CHECK(weigh(none_match("\"tag\""), file) == Precondition::met);
    CHECK(weigh(none_match("TAG"), file) == Precondition::met);
    CHECK(weigh(none_match("\"TAG"), file) == Precondition::met);
    CHECK(weigh(none_match(""), file) == Precondition::met);
    CHECK(weigh(modified_since(before), file) == Precondition::met);
    CHECK(weigh(modified_since(same), file) == Precondition::not_modified);
    CHECK(weigh(modified_since(after), file) == Precondition::not_modified);
    CHECK(weigh(modified_since("some day"), file) == Precondition::met);
}

TEST_CASE("another copy than the peer wants is refused") {
    CHECK(weigh(match("*"), file) == Precondition::met);
    CHECK(weigh(match("\"a\", \"TAG\""), file) == Precondition::met);
    CHECK(weigh(match("W/\"TAG\""), file) == Precondition::failed);
    CHECK(weigh(match("\"x\""), file) == Precondition::failed);
    CHECK(weigh(unmodified_since(before), file) == Precondition::failed);
    CHECK(weigh(unmodified_since(same), file) == Precondition::met);
    CHECK(weigh(unmodified_since("some day"), file) == Precondition::met);
}

TEST_CASE("tags win over dates, and a refusal over a copy the peer has") {
    auto both = none_match("\"x\"");
    both.if_modified_since = after;
    CHECK(weigh(both, file) == Precondition::met);
    both = match("\"TAG\"");
    both.if_unmodified_since = before;
    CHECK(weigh(both, file) == Precondition::met);
    both = match("\"x\"");
    both.if_none_match = "*";
    CHECK(weigh(both, file) == Precondition::failed);
}

TEST_CASE("a range of another copy is not sent") {
    CHECK(range_applies(range_if("\"TAG\""), file));
    CHECK(range_applies(range_if(same), file));
    CHECK_FALSE(range_applies(range_if("W/\"TAG\""), file));
    CHECK_FALSE(range_applies(range_if("\"x\""), file));
    CHECK_FALSE(range_applies(range_if(before), file));
    CHECK_FALSE(range_applies(range_if(after), file));
    CHECK_FALSE(range_applies(range_if("what?"), file));
}

}  // namespace praline::upload::conditions_test
