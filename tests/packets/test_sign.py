"""Signatures are accepted by programs that are not ours, and refused where they should not be made."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess  # noqa: TID251  (foreign checkers)
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from app.errors import NeedsPerson, Refused
from app.outside.keyholder import Keyholder
from app.packets import sign

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def files(tmp_path: Path, packet: bytes, keyholder: Keyholder) -> Any:
    (tmp_path / "packet.pdf").write_bytes(packet)
    (tmp_path / "root.pem").write_bytes(keyholder.demo_root.read_bytes())
    return tmp_path


def told(*command: Any) -> Any:
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)


def bounds(pdf: bytes) -> list[int]:
    return [int(each) for each in re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf).groups()]


def test_openssl_accepts_the_signature_over_the_byte_range(files: Path, packet: bytes) -> None:
    _, length, second, rest = bounds(packet)
    (files / "content").write_bytes(packet[:length] + packet[second:second + rest])
    cms = bytes.fromhex(packet[length + 1:second - 1].decode())
    (files / "cms.der").write_bytes(cms[:4 + int.from_bytes(cms[2:4], "big")])
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", files / "cms.der", "-content",
               files / "content", "-CAfile", files / "root.pem", "-out", "/dev/null"]
    good = told(*command)
    assert good.returncode == 0, good.stderr
    (files / "content").write_bytes(packet[:length] + packet[second:second + rest - 1] + b"x")
    assert told(*command).returncode != 0


def test_pdfsig_finds_it_valid_trusted_and_covering_the_whole(files: Path) -> None:
    store = files / "nss"
    store.mkdir()
    for command in (["certutil", "-N", "-d", f"sql:{store}", "--empty-password"],
                    ["certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "C,C,C", "-i", files / "root.pem"]):
        assert told(*command).returncode == 0
    answer = told("pdfsig", "-nssdir", f"sql:{store}", files / "packet.pdf").stdout
    assert "Signature is Valid." in answer
    assert "Total document signed" in answer
    assert "Certificate is Trusted." in answer
    assert "仅供演示" in answer


def test_mutool_finds_it_unchanged(files: Path) -> None:
    answer = told("mutool", "sign", "-v", files / "packet.pdf").stdout
    assert "unchanged since signing" in answer


def test_pdf_readers_find_no_fault_in_the_file(files: Path) -> None:
    for command in (["pdfinfo", files / "packet.pdf"], ["mutool", "info", files / "packet.pdf"]):
        answer = told(*command)
        assert answer.returncode == 0
        assert "rror" not in answer.stderr


def test_the_signature_says_why_where_and_when(packet: bytes, now: dt.datetime) -> None:
    said = PdfReader(io.BytesIO(packet)).get_fields()[sign.FIELD]["/V"]
    assert said["/SubFilter"] == "/ETSI.CAdES.detached"
    assert (said["/Reason"], said["/Location"]) == ("卷宗完整性签名", "西吉县演示乡人民政府")
    assert said["/M"].startswith(f"D:{now:%Y%m%d%H%M%S}")


def test_a_signed_packet_is_not_signed_again(packet: bytes, keyholder: Keyholder, now: dt.datetime) -> None:
    with pytest.raises(Refused, match="已经签过名"):
        sign.sign(packet, keyholder.key(), location="演示", now=now)


@pytest.mark.parametrize("shift", [dt.timedelta(days=-30), dt.timedelta(days=365 * 11)])
def test_no_signature_outside_the_validity_of_the_certificate(unsigned: bytes, keyholder: Keyholder,
                                                              now: dt.datetime, shift: Any) -> None:
    with pytest.raises(NeedsPerson, match="有效期"):
        sign.sign(unsigned, keyholder.key(), location="演示", now=now + shift)


def test_a_failure_of_the_key_asks_for_a_person(unsigned: bytes, keyholder: Keyholder, now: dt.datetime) -> None:
    class Broken:
        certificate, chain = keyholder.key().certificate, ()
        not_before, not_after = keyholder.key().not_before, keyholder.key().not_after

        def sign(self, _data: Any) -> None:
            raise OSError

    with pytest.raises(NeedsPerson, match="签名失败"):
        sign.sign(unsigned, Broken(), location="演示", now=now)


def test_certificates_are_read_from_pem_and_der(keyholder: Keyholder) -> None:
    pem = keyholder.demo_root.read_bytes()
    (der,) = sign.certificates([pem])
    assert sign.certificates([der, pem + pem]) == (der, der, der)
    with pytest.raises(Refused):
        sign.certificates([b"nothing"])


def test_keyholders_of_other_installations_are_strangers(tmp_path: Path, keyholder: Keyholder,
                                                         now: dt.datetime) -> None:
    other = Keyholder(tmp_path / "keys")
    other.make_demo_authority(now)
    assert other.trusted() != keyholder.trusted()
