#include "tools/praline/search_words.hpp"

#include <catch2/catch.hpp>

namespace search_words_test {
using namespace praline;

namespace {

using Strings = std::vector<std::string>;

bool takes_value(std::string const& option) { return option == "--wait" || option == "--data"; }

/// As the parser sees it: "*" stands for the mark.
Strings marked(Strings arguments) {
    auto out = mark_search_words(std::move(arguments), takes_value);
    for (auto& one : out)
        if (one.front() == '\x02') one.front() = '*';
    return out;
}

}  // namespace

TEST_CASE("words of a search are words, also with a minus; options and their values stay what they are") {
    CHECK(marked({"search", "angel", "-battle", "--wait", "3"}) ==
          Strings{"search", "*angel", "*-battle", "--wait", "3"});
    CHECK(marked({"--data", "search", "--json", "search", "-hello"}) ==
          Strings{"--data", "search", "--json", "search", "*-hello"});
    CHECK(marked({"search", "--wait", "-1", "-9", "-h"}) == Strings{"search", "--wait", "-1", "*-9", "-h"});
    CHECK(marked({"search", "--wait=3", "node"}) == Strings{"search", "--wait=3", "*node"});
    CHECK(marked({"searches", "save", "angel", "-battle"}) == Strings{"searches", "save", "*angel", "*-battle"});
    CHECK(marked({"search", "angel", "--wait"}) == Strings{"search", "*angel", "--wait"});
}

TEST_CASE("behind two dashes everything is a word") {
    CHECK(marked({"search", "angel", "--", "-battle", "--wait", "-h"}) ==
          Strings{"search", "*angel", "*-battle", "*--wait", "*-h"});
}

TEST_CASE("other commands stay as they are") {
    for (auto const& one :
         {Strings{"node", "--share", "-x"}, Strings{"searches", "forget", "--all"}, Strings{"share", "add", "--", "-x"},
          Strings{"--json"}, Strings{}, Strings{"peers", "-search"}})
        CHECK(marked(one) == one);
}

TEST_CASE("what was marked is as it was written") {
    auto words = mark_search_words({"search", "angel", "-battle", "--", "--"}, takes_value);
    words.erase(words.begin());
    CHECK(unmarked(words) == Strings{"angel", "-battle", "--"});
}

}  // namespace search_words_test
