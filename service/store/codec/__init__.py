"""Events as stored bytes and back: the one place that knows the stored form of a field."""

from service.store.codec.codec import Codec, CodecError, stored_name
from service.store.codec.sealed_values import Secret, keys_named, rewrite_secrets

__all__ = ["Codec", "CodecError", "Secret", "keys_named", "rewrite_secrets", "stored_name"]
