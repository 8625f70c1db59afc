"""Keys stay with their holder, and demo certificates say what they are."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.errors import NeedsPerson, Refused
from app.outside.keyholder import Keyholder, SigningKey

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 9, 18, 8, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def holder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Keyholder(tmp_path_factory.mktemp("i") / "keys")
    made.make_demo_authority(NOW)
    return made


def name_of(certificate: Any) -> str:
    return certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value


def test_both_demo_certificates_say_that_they_are_for_show(holder: Any) -> None:
    root = x509.load_pem_x509_certificate(holder.demo_root.read_bytes())
    signer = x509.load_der_x509_certificate(holder.key().certificate)
    assert name_of(root) == "返校演示根证书（仅供演示）"
    assert name_of(signer) == "返校演示签名（仅供演示）"
    signer.verify_directly_issued_by(root)


def test_the_signer_may_sign_and_nothing_else_and_lives_ten_years(holder: Any) -> None:
    signer = x509.load_der_x509_certificate(holder.key().certificate)
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, True)
    assert (usage.key_cert_sign, usage.key_encipherment, usage.crl_sign) == (False, False, False)
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signer.not_valid_after_utc.year == 2036


def test_only_the_owner_reads_the_keys_and_the_root_key_is_gone(holder: Any) -> None:
    assert holder.folder.stat().st_mode & 0o777 == 0o700
    assert {each.name: each.stat().st_mode & 0o777 for each in holder.folder.iterdir()} == {
        "demo-root.pem": 0o600, "signer.p12": 0o600, "signer.pass": 0o600}


def test_the_pass_phrase_is_random_and_never_in_the_environment(holder: Any, tmp_path: Path) -> None:
    other = Keyholder(tmp_path / "keys")
    other.make_demo_authority(NOW)
    phrases = {(each.folder / "signer.pass").read_bytes() for each in (holder, other)}
    assert len(phrases) == 2
    assert all(len(each) >= 32 for each in phrases)
    assert not any(each.decode() in value for each in phrases for value in os.environ.values())


def test_making_it_again_keeps_the_first(holder: Any) -> None:
    before = holder.key().certificate
    holder.make_demo_authority(NOW + dt.timedelta(days=1))
    assert Keyholder(holder.folder).key().certificate == before


def test_a_signature_is_verified_with_the_certificate(holder: Any) -> None:
    public = x509.load_der_x509_certificate(holder.key().certificate).public_key()
    public.verify(holder.key().sign(b"packet"), b"packet", padding.PKCS1v15(), hashes.SHA256())


def test_the_key_is_no_plain_attribute_of_what_is_handed_out(holder: Any) -> None:
    assert not [each for each, value in vars(holder.key()).items()
                if isinstance(value, rsa.RSAPrivateKey) and not each.startswith("_")]


def test_without_a_key_a_person_is_needed(tmp_path: Path) -> None:
    empty = Keyholder(tmp_path / "keys")
    assert (empty.has_key, empty.trusted()) == (False, ())
    with pytest.raises(NeedsPerson, match="签名密钥"):
        empty.key()


def p12(key: Any, certificate_key: Any = None, passphrase: Any = b"secret") -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "演示单位")])
    certificate_key = certificate_key or key
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
                   .public_key(certificate_key.public_key()).not_valid_before(NOW)
                   .not_valid_after(NOW + dt.timedelta(days=9)).sign(certificate_key, hashes.SHA256()))
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, lock)


@pytest.mark.parametrize("make", [lambda: rsa.generate_private_key(65537, 2048),
                                  lambda: ec.generate_private_key(ec.SECP256R1())])
def test_an_office_may_bring_its_own_key(make: Any) -> None:
    data = p12(make())
    assert SigningKey.from_p12(data, b"secret").sign(b"x")
    with pytest.raises(Refused, match="无法打开"):
        SigningKey.from_p12(data, b"wrong")


@pytest.mark.parametrize("make", [lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505  (that is the point)
                                  lambda: ec.generate_private_key(ec.SECP384R1())])
def test_keys_too_weak_or_not_known_to_checkers_are_refused(make: Any) -> None:
    with pytest.raises(Refused, match="类型不支持"):
        SigningKey.from_p12(p12(make()), b"secret")


def test_rubbish_is_refused() -> None:
    with pytest.raises(Refused, match="无法打开"):
        SigningKey.from_p12(b"rubbish", b"")


def test_the_demo_key_says_that_it_is_one(tmp_path: Path) -> None:
    keyholder = Keyholder(tmp_path / "keys")
    keyholder.make_demo_authority(dt.datetime.now(dt.UTC))  # noqa: TID251  (a certificate has to be valid now)
    assert keyholder.key().is_demo
