#include "node/net/tls.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <stdexcept>

#include <boost/asio/ssl/context.hpp>

#include "node/net/tls_certificate.hpp"

namespace praline::net {
namespace {

constexpr long certificate_bytes_max = 4096;  // of all that the other side shows; ours take about 300

std::optional<PublicKey> key_of(X509* certificate) {
    auto* const key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return std::nullopt;
    PublicKey id;
    auto length = id.bytes.size();
    if (EVP_PKEY_get_raw_public_key(key, id.bytes.data(), &length) != 1 || length != id.bytes.size())
        return std::nullopt;
    return id;
}

/// In place of the search for a chain of authorities: there are none here, and no dates or names count. That the other
/// side has the private key is proved by the handshake itself (RFC 8446, CertificateVerify).
int accept_self_signed(X509_STORE_CTX* store, void*) {
    X509* const certificate = X509_STORE_CTX_get0_cert(store);
    bool const fine = key_of(certificate) &&
                      X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0 &&
                      X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
    X509_STORE_CTX_set_error(store, fine ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return fine ? 1 : 0;
}

std::shared_ptr<X509> make_certificate(EVP_PKEY* key) {
    std::shared_ptr<X509> const certificate{X509_new(), X509_free};
    auto* const made = certificate.get();
    bool fine = made != nullptr && X509_set_version(made, X509_VERSION_3) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(made), 1) == 1;
    // No date is looked at, so that a wrong clock shuts nobody out; these say "always" (RFC 5280, section 4.1.2.5).
    fine = fine && ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "19700101000000Z") == 1 &&
           ASN1_TIME_set_string_X509(X509_getm_notAfter(made), "99991231235959Z") == 1;
    auto* const name = fine ? X509_get_subject_name(made) : nullptr;
    constexpr unsigned char common_name[] = "praline";
    fine = fine && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(made, name) == 1 && X509_set_pubkey(made, key) == 1 &&
           X509_sign(made, key, nullptr) > 0;
    if (!fine) throw std::runtime_error{"OpenSSL cannot make a certificate."};
    return certificate;
}

}  // namespace

TlsContextPtr make_tls_context(identity::Ed25519Key const& own) {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls);
    auto* const plain = context->native_handle();
    auto const certificate = make_certificate(own.handle());
    bool const fine = SSL_CTX_set_min_proto_version(plain, TLS1_3_VERSION) == 1 &&
                      SSL_CTX_set_max_proto_version(plain, TLS1_3_VERSION) == 1 &&
                      SSL_CTX_set1_sigalgs_list(plain, "ed25519") == 1 &&
                      SSL_CTX_set1_client_sigalgs_list(plain, "ed25519") == 1 &&
                      SSL_CTX_use_certificate(plain, certificate.get()) == 1 &&
                      SSL_CTX_use_PrivateKey(plain, own.handle()) == 1 && SSL_CTX_set_num_tickets(plain, 0) == 1;
    if (!fine) throw std::runtime_error{"OpenSSL cannot set up TLS 1.3 with an Ed25519 key."};
    // Every link proves its key anew: nothing is resumed.
    SSL_CTX_set_session_cache_mode(plain, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(plain, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(plain, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_max_cert_list(plain, certificate_bytes_max);
    SSL_CTX_set_verify(plain, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(plain, accept_self_signed, nullptr);
    return context;
}

std::optional<PublicKey> shown_key(SSL* connection) { return key_of(SSL_get0_peer_certificate(connection)); }

}  // namespace praline::net
