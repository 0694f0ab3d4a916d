#include "node/net/web_tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <stdexcept>
#include <string_view>

#include <boost/asio/ssl/context.hpp>

#include "node/base/address.hpp"
#include "node/net/web_certificate.hpp"

namespace praline::net {

TlsContextPtr make_web_tls_context(std::string const& ca_file) {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    auto* const plain = context->native_handle();
    // HTTP/1.1 is all that is spoken: a length and the name (RFC 7301, section 3.1).
    constexpr unsigned char protocols[] = "\x08http/1.1";
    bool const fine = SSL_CTX_set_min_proto_version(plain, TLS1_2_VERSION) == 1 &&
                      SSL_CTX_set_alpn_protos(plain, protocols, sizeof protocols - 1) == 0 &&
                      SSL_CTX_set_default_verify_paths(plain) == 1;
    if (!fine) throw std::runtime_error{"OpenSSL cannot set up TLS for web servers."};
    if (!ca_file.empty() && SSL_CTX_load_verify_file(plain, ca_file.c_str()) != 1)
        throw std::runtime_error{"The file " + ca_file + " cannot be read as certificates of authorities in PEM form."};
    SSL_CTX_set_options(plain, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(plain, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(plain, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(plain, SSL_VERIFY_PEER, nullptr);
    return context;
}

bool expect_certificate_of(SSL* connection, std::string const& host) {
    if (Address::parse(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1;
    // The dot that ends a full name is no part of it here.
    auto const name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return SSL_set_tlsext_host_name(connection, name.c_str()) == 1 && SSL_set1_host(connection, name.c_str()) == 1;
}

std::string certificate_trouble(SSL* connection) {
    auto const problem = SSL_get_verify_result(connection);
    switch (problem) {
        case X509_V_OK: return {};
        case X509_V_ERR_CERT_HAS_EXPIRED: return "has expired";
        case X509_V_ERR_CERT_NOT_YET_VALID: return "is not valid yet; is the clock of this machine right?";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return "is for another host";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return "is of an issuer that this machine does not know";
        default: return std::string{"is not valid ("} + X509_verify_cert_error_string(problem) + ")";
    }
}

}  // namespace praline::net
