// Boost.JSON has a compiled part; this is the only place that compiles it, so no library need be installed or linked.
#include <boost/json/src.hpp>
