"""The keys that sign packets. A key is read here and never handed out: callers give bytes and get a signature."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from app.errors import NeedsPerson, Refused
from app.outside.vault import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEMO_ROOT = "返校演示根证书（仅供演示）"
DEMO_SIGNER = "返校演示签名（仅供演示）"
SMALLEST_RSA = 2048
YEARS = 10


class SigningKey:
    """One key with its certificate. RSA of 2048 bits or more (PKCS #1 v1.5), or P-256; always SHA-256."""

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, certificate: x509.Certificate,
                 chain: Sequence[x509.Certificate] = ()) -> None:
        self._key = key
        self.certificate = certificate.public_bytes(Encoding.DER)
        """DER of the signer's certificate."""
        self.chain = tuple(each.public_bytes(Encoding.DER) for each in chain)
        """DER of the certificates above it, as far as they came with the key."""
        self.is_demo = DEMO_SIGNER in certificate.subject.rfc4514_string()
        """Whether it is the one that `flask init` made, which vouches for nobody."""
        self.not_before, self.not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc

    @classmethod
    def from_p12(cls, data: bytes, passphrase: bytes) -> Self:
        """Read a PKCS #12 file. Raises Refused when the pass-phrase is wrong or the key unfit."""
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(data, passphrase)
        except (ValueError, TypeError) as error:
            raise Refused("无法打开签名证书文件（P12）。", where="p12", advice="请核对文件和口令。") from error
        if certificate is None or key is None:
            raise Refused("签名证书文件里缺少私钥或证书。", where="p12", advice="请重新导出包含私钥的 P12 文件。")
        if not ((isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA)
                or (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1))):
            raise Refused("签名密钥的类型不支持。", where="p12", advice="请使用 RSA 2048 位以上或 P-256 的密钥。")
        if certificate.public_key() != key.public_key():
            raise Refused("签名证书与私钥不是一对。", where="p12", advice="请重新导出 P12 文件。")
        return cls(key, certificate, chain)

    def sign(self, data: bytes) -> bytes:
        """The raw signature over `data`, hashed with SHA-256."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class Keyholder:
    """The folder of keys of one installation (0700). Pass-phrases lie in files of 0600, never in the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: SigningKey | None = None

    @property
    def demo_root(self) -> Path:
        return self.folder / "demo-root.pem"

    @property
    def has_key(self) -> bool:
        return (self.folder / "signer.p12").exists()

    def make_demo_authority(self, now: dt.datetime) -> None:
        """Make a root and a signer that say 仅供演示 in their names, once. The root's key is thrown away at the end.

        A second call changes nothing, so that packets signed before stay verifiable.
        """
        if self.has_key:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        root_key = rsa.generate_private_key(65537, SMALLEST_RSA)
        root = _certificate(DEMO_ROOT, root_key, None, root_key, now)
        key = rsa.generate_private_key(65537, SMALLEST_RSA)
        signer = _certificate(DEMO_SIGNER, key, root, root_key, now)
        passphrase = secrets.token_urlsafe(32).encode()
        sealed = pkcs12.serialize_key_and_certificates(
            b"fanxiao-demo", key, signer, [root], BestAvailableEncryption(passphrase))
        write_whole(self.demo_root, root.public_bytes(Encoding.PEM))
        write_whole(self.folder / "signer.pass", passphrase)
        write_whole(self.folder / "signer.p12", sealed)

    def key(self) -> SigningKey:
        """The signer's key, opened once. Raises NeedsPerson when there is none."""
        if self._open is None:
            try:
                sealed = (self.folder / "signer.p12").read_bytes()
                passphrase = (self.folder / "signer.pass").read_bytes().strip()
            except OSError as error:
                raise NeedsPerson("没有可用的签名密钥。",
                                  advice="请管理员运行 flask init，或放入本单位的签名证书。") from error
            self._open = SigningKey.from_p12(sealed, passphrase)
        return self._open

    def trusted(self) -> tuple[bytes, ...]:
        """DER of the root certificates that this installation trusts (*.pem in the folder)."""
        return tuple(each.public_bytes(Encoding.DER)
                     for file in sorted(self.folder.glob("*.pem"))
                     for each in x509.load_pem_x509_certificates(file.read_bytes()))


def _certificate(name: str, key: rsa.RSAPrivateKey, issuer: x509.Certificate | None,
                 issuer_key: rsa.RSAPrivateKey, now: dt.datetime) -> x509.Certificate:
    """A certificate of ten years; without an issuer it is a root that may issue end certificates only."""
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "返校演示（仅供演示）"),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ])
    root = issuer is None
    begin = now.astimezone(dt.UTC) - dt.timedelta(minutes=5)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=365 * YEARS + 2))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(_usage(root=root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not root, content_commitment=not root, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=root, crl_sign=root, encipher_only=False, decipher_only=False)
