/* Loaded into yubico-piv-tool 2.2.0 in front of libcrypto 3: it gives the card's way to sign to the parts of a key that
 * libcrypto 1.1 signed with and libcrypto 3 has copied, and then asks for the signature. Here the parts are put into a
 * key of their own, as later versions of the tool do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

enum { RSA_KEY = 6, EC_KEY = 408 };

void *EVP_PKEY_new(void);
void EVP_PKEY_free(void *key);
int EVP_PKEY_get_base_id(const void *key);
int EVP_PKEY_assign(void *key, int type, void *parts);
void *EVP_PKEY_get1_RSA(void *key);
void *EVP_PKEY_get1_EC_KEY(void *key);

static int sign(const char *function, void *signed_by_it, void *key, const void *digest) {
  int (*next)(void *, void *, const void *) = (int (*)(void *, void *, const void *))dlsym(RTLD_NEXT, function);
  int type = EVP_PKEY_get_base_id(key);
  void *parts = type == RSA_KEY ? EVP_PKEY_get1_RSA(key) : type == EC_KEY ? EVP_PKEY_get1_EC_KEY(key) : NULL;
  void *whole = EVP_PKEY_new();
  int length = parts != NULL && EVP_PKEY_assign(whole, type, parts) ? next(signed_by_it, whole, digest) : 0;

  EVP_PKEY_free(whole);
  return length;
}

int X509_sign(void *certificate, void *key, const void *digest) {
  return sign("X509_sign", certificate, key, digest);
}

int X509_REQ_sign(void *request, void *key, const void *digest) {
  return sign("X509_REQ_sign", request, key, digest);
}
