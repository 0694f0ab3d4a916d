#include <catch2/catch.hpp>

#include "transfer/download/changes.hpp"

namespace praline::download::changes_test {

TEST_CASE("a reader learns of what was removed since its revision") {
    Changes changes{1000, 10};
    auto const before = changes.changed();
    changes.removed("a");
    auto const between = changes.revision();
    changes.removed("b");
    CHECK(changes.removed_since(before) == std::vector<std::string>{"b", "a"});
    CHECK(changes.removed_since(between) == std::vector<std::string>{"b"});
    CHECK(changes.removed_since(changes.revision())->empty());
}

TEST_CASE("a reader of another list, or one that missed too much, reads all again") {
    Changes changes{1000, 2};
    CHECK_FALSE(changes.removed_since(0));
    CHECK_FALSE(changes.removed_since(999));
    CHECK_FALSE(changes.removed_since(1001));
    CHECK(changes.removed_since(1000));
    changes.removed("a");
    changes.removed("b");
    CHECK(changes.removed_since(1000)->size() == 2);
    changes.removed("c");
    CHECK_FALSE(changes.removed_since(1000));
    CHECK(changes.removed_since(1001)->size() == 2);
}

}  // namespace praline::download::changes_test
