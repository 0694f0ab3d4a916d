#pragma once

#include <array>

/// What an independent program counted on the graphs of T2, which shares no code with ours. Messages are per node of the
/// graph. Its 95 % half-widths are at most 1.9 % of the value for walks and 3.6 % for the ring.
namespace praline::reproduce {

struct KnownWalks {
    char const* graph;
    double replication;
    double ring;                                                 // messages
    double one_hops, one_messages, one_fail;                     // 1 walker
    double some_hops, some_messages;                             // 16
    double many_hops, many_messages, many_visited, many_checks;  // 32
    double state_hops, state_messages;                           // 32 that keep state
    double most_hops, most_messages;                             // 64
};

inline constexpr std::array known_walks{
    KnownWalks{"random", 0.01, 0.0615, 143.9, 0.01471, 0.0005, 11.37, 0.02085, 7.28, 0.02845, 132.4, 68.6, 6.68,
               0.02650, 5.28, 0.04372},
    KnownWalks{"random", 0.001, 0.4789, 449.6, 0.07454, 0.4900, 95.02, 0.15757, 49.42, 0.16600, 926.5, 406.3, 44.75,
               0.15077, 27.02, 0.18593},
    KnownWalks{"power law", 0.01, 0.8578, 147.5, 0.01609, 0.0019, 11.46, 0.02216, 6.91, 0.02882, 135.2, 65.7, 6.58,
               0.02768, 4.67, 0.04213},
    KnownWalks{"power law", 0.001, 1.3320, 433.5, 0.08254, 0.5617, 132.08, 0.23506, 69.46, 0.24512, 956.3, 567.5, 61.98,
               0.21894, 36.15, 0.25960},
    KnownWalks{"grid", 0.01, 0.0650, 222.2, 0.02511, 0.0360, 28.05, 0.04714, 19.94, 0.06846, 106.0, 169.9, 18.26,
               0.06299, 15.61, 0.10903},
    KnownWalks{"grid", 0.001, 1.7152, 452.8, 0.08555, 0.7050, 279.02, 0.54767, 228.18, 0.82177, 899.5, 2053.7, 218.81,
               0.80470, 185.62, 1.27843},
    KnownWalks{"Gnutella04", 0.01, 0.2030, 119.1, 0.01098, 0.0004, 8.88, 0.01517, 5.45, 0.02035, 145.9, 54.2, 5.27,
               0.01986, 3.88, 0.03133},
    KnownWalks{"Gnutella04", 0.001, 1.5696, 436.9, 0.06345, 0.4313, 79.53, 0.11930, 41.82, 0.12732, 955.4, 345.5, 40.57,
               0.12370, 22.40, 0.14047},
    KnownWalks{"Gnutella31", 0.01, 0.0361, 132.3, 0.00212, 0.0005, 10.13, 0.00294, 6.37, 0.00399, 141.1, 61.3, 5.99,
               0.00380, 4.51, 0.00608},
    KnownWalks{"Gnutella31", 0.001, 0.2782, 443.6, 0.01140, 0.4641, 85.41, 0.02220, 44.22, 0.02336, 1017.4, 364.7,
               42.55, 0.02251, 24.09, 0.02617},
};

struct KnownFloods {
    char const* graph;
    std::array<double, 6> success_per_cent;      // a match within 1 … 6 hops, at replication 1 %
    std::array<double, 6> success_per_thousand;  // 0.1 %
    std::array<double, 3> messages;              // at TTL 3, 5, 7
};

inline constexpr std::array known_floods{
    KnownFloods{"random",
                {0.0419, 0.1814, 0.5379, 0.8981, 0.9908, 0.9992},
                {0.0036, 0.0209, 0.0810, 0.2808, 0.6821, 0.9503},
                {0.0088, 0.1376, 1.4241}},
    KnownFloods{"power law",
                {0.0341, 0.5370, 0.9314, 0.9924, 0.9994, 1.0000},
                {0.0038, 0.2100, 0.7836, 0.9735, 0.9970, 0.9999},
                {0.7761, 3.0568, 3.2133}},
    KnownFloods{"grid",
                {0.0384, 0.1103, 0.2089, 0.3240, 0.4449, 0.5607},
                {0.0036, 0.0103, 0.0217, 0.0372, 0.0553, 0.0763},
                {0.0039, 0.0120, 0.0243}},
    KnownFloods{"Gnutella04",
                {0.0670, 0.4873, 0.9253, 0.9982, 0.9999, 1.0000},
                {0.0079, 0.0867, 0.5179, 0.9329, 0.9981, 0.9999},
                {0.1113, 4.1124, 6.3463}},
    KnownFloods{"Gnutella31",
                {0.0464, 0.3344, 0.8213, 0.9971, 0.9999, 1.0000},
                {0.0041, 0.0512, 0.3142, 0.8097, 0.9948, 1.0000},
                {0.0086, 0.5969, 3.5104}},
};

}  // namespace praline::reproduce
