#pragma once

#include "node/wire/content_kind.hpp"

/// The kinds of node/wire under the name of this floor.
namespace praline::search {

using wire::content_kind;
using wire::content_kind_named;
using wire::content_kinds;
using wire::ContentKind;
using wire::name_of;

}  // namespace praline::search
