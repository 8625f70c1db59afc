"""The last step of a packet: an integrity signature over the whole file (PAdES B-B, ETSI EN 319 142-1).

It shows that nothing was changed since; it is not an 电子印章 (国办发〔2025〕33号) and never claims to be one.
"""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from asn1crypto import algos, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.errors import NeedsPerson, Refused
from app.packets.verify import read_certificates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

FIELD = "PacketSignature"
REASON = "卷宗完整性签名"
RESERVED = 16384
"""Hex digits kept for the signature: enough for a chain of four certificates."""


class Key(Protocol):
    """What signing needs of a key: certificates as DER, and a signature over bytes (SHA-256)."""

    certificate: bytes
    chain: tuple[bytes, ...]
    not_before: dt.datetime
    not_after: dt.datetime

    def sign(self, data: bytes) -> bytes:
        """The raw signature."""


class _Held(signers.Signer):
    """Lets pyHanko write the CMS while the key stays with its holder."""

    def __init__(self, key: Key) -> None:
        certificate = x509.Certificate.load(key.certificate)
        kind = "rsassa_pkcs1v15" if certificate.public_key.algorithm == "rsa" else "sha256_ecdsa"
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(each) for each in key.chain])
        super().__init__(
            signing_cert=certificate, cert_registry=store, embed_roots=False,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": kind}))
        self.key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002  (pyHanko's signature)
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return bytes(512) if dry_run else self.key.sign(data)


def sign(pdf: bytes, key: Key, *, location: str, now: dt.datetime) -> bytes:
    """Sign the whole of `pdf`, in an invisible field, as the last thing done to it.

    Args:
        pdf: a packet as `merge` wrote it; it must hold no signature yet.
        key: from the keyholder.
        location: name of the office.
        now: moment with time zone; it is what the signature states, not proven by a time-stamp authority.

    Raises:
        Refused: the packet is signed already.
        NeedsPerson: the certificate is not valid now, or signing failed.
    """
    if b"/ByteRange" in pdf:
        raise Refused("这份卷宗已经签过名，不能再签。", advice="如需修改，请重新生成卷宗。")
    if not key.not_before <= now <= key.not_after:
        raise NeedsPerson("签名证书不在有效期内。", advice="请管理员更换签名证书，并核对服务器时钟。")
    try:
        with ThreadPoolExecutor(1) as own:  # a loop of its own, whatever loop the caller may be running
            return own.submit(asyncio.run, _signed(pdf, key, location, now)).result()
    except Exception as error:  # the library's many errors end here
        raise NeedsPerson("卷宗签名失败。", advice="请管理员检查签名证书和密钥。") from error


async def _signed(pdf: bytes, key: Key, location: str, now: dt.datetime) -> bytes:
    about: Any = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        reason=REASON, location=location)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signer = signers.PdfSigner(about, signer=_Held(key))
    session = signer.init_signing_session(writer)
    session.system_time = now
    document = session.prepare_tbs_document(
        validation_info=None, bytes_reserved=RESERVED, appearance_text_params=None)
    prepared, out = document.digest_tbs_document()
    await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=now))
    out.seek(0)
    return bytes(out.read())


def certificates(files: Sequence[bytes]) -> tuple[bytes, ...]:
    """DER of each certificate in files that hold PEM (several allowed) or DER. Raises Refused for anything else."""
    try:
        return tuple(der for data in files for der in read_certificates(data))
    except ValueError as error:
        raise Refused("信任证书文件不是 PEM 或 DER 格式。", where="trust", advice="请给出根证书文件。") from error
