"""Whatever is changed after signing is found, said in plain words, and honest packets pass."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import re
import subprocess  # noqa: TID251  (runs the script of recipients)
import sys
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from app.outside.keyholder import Keyholder, SigningKey
from app.packets import contents, merge, sign, verify
from app.packets.verify import verify as check

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "verify_packet.py"


def gap(pdf: bytes) -> tuple[int, int]:
    _, length, second, _ = (int(each) for each in re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf).groups())
    return length, second


def with_cms(pdf: bytes, signature: bytes) -> bytes:
    """The packet with another signature container, padded with zeros as signing does."""
    start, end = gap(pdf)
    return pdf[:start + 1] + signature.hex().upper().encode().ljust(end - start - 2, b"0") + pdf[end - 1:]


def container(pdf: bytes) -> bytes:
    start, end = gap(pdf)
    data = bytes.fromhex(pdf[start + 1:end - 1].decode())
    return data[:4 + int.from_bytes(data[2:4], "big")]


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_honest_packet_is_valid_in_every_respect(packet: bytes, keyholder: Keyholder, now: dt.datetime) -> None:
    found = check(packet, keyholder.trusted(), expected_sha256=hashlib.sha256(packet).hexdigest())
    assert (found.valid, found.reasons, found.trusted) == (True, (), True)
    assert (found.covers_whole_file, found.manifest_ok) == (True, True)
    assert found.signed_by == "返校演示签名（仅供演示）"
    assert dt.datetime.fromisoformat(found.signed_at) == now
    assert [(each["label"], each["item"]) for each in found.pages] == [
        ("无", "封面与目录"), ("无", "封面与目录"), ("1", "责令限期改正通知书"), ("2", "责令限期改正通知书"),
        ("3", "送达回证"), ("4", "学生名册")]


def test_without_a_root_it_says_that_the_signer_was_not_asked_for(packet: bytes) -> None:
    found = check(packet)
    assert (found.valid, found.trusted) == (True, None)
    assert "身份" in found.notes[0]


def test_many_honest_packets_raise_no_alarm(keyholder: Keyholder, document: Any, about: Any, now: dt.datetime) -> None:
    draw = random.Random(7)  # noqa: S311  (a seeded draw)
    for number in range(25):
        size = draw.choice([(595.276, 841.89), (841.89, 595.276), (612, 792), (842, 1190)])
        items = [contents.Item(title=f"件{each}", pdf=document(draw.randint(1, 3), size, full=draw.random() < 0.5))
                 for each in range(draw.randint(1, 4))]
        pdf = sign.sign(merge.merge(contents.plan(items), about), keyholder.key(), location="演示",
                        now=now + dt.timedelta(minutes=number))
        assert check(pdf, keyholder.trusted()).reasons == ()


def test_every_digit_of_the_signature_is_guarded_by_the_file_alone(packet: bytes) -> None:
    start, _ = gap(packet)
    draw = random.Random(5)  # noqa: S311  (a seeded draw)
    for place in draw.sample(range(start + 1, start + 1 + 2 * len(container(packet))), 250):
        digit = int(chr(packet[place]), 16) ^ (1 << draw.randrange(4))
        changed = packet[:place] + f"{digit:X}".encode() + packet[place + 1:]
        assert not check(changed).valid, place - start


def test_lower_case_hex_and_padding_and_spaces_are_found(packet: bytes) -> None:
    start, end = gap(packet)
    letter = next(place for place in range(start + 1, end) if packet[place:place + 1] in b"ABCDEF")
    for changed, word in (
        (packet[:letter] + packet[letter:letter + 1].lower() + packet[letter + 1:], "写法"),
        (packet[:start] + packet[start:end].lower() + packet[end:], "写法"),
        (packet[:end - 3] + b"01" + packet[end - 1:], "填充"),
        (packet[:end - 3] + b"  " + packet[end - 1:], "写法"),
    ):
        found = check(changed)
        assert not found.valid
        assert any(word in each for each in found.reasons), found.reasons


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\x00" * 100, b"PK\x05\x06" + bytes(18)])
def test_appended_bytes_are_found(packet: bytes, tail: bytes) -> None:
    found = check(packet + tail)
    assert not found.valid
    assert not found.covers_whole_file
    assert f"追加了 {len(tail)} 字节" in found.reasons[0]


@pytest.mark.parametrize("head", [b" ", b"%PDF-1.4\n", b"<html>"])
def test_bytes_put_in_front_are_found(packet: bytes, head: bytes) -> None:
    assert not check(head + packet).valid


def test_a_cut_file_is_found(packet: bytes) -> None:
    for share in range(0, 100, 9):
        assert not check(packet[:len(packet) * share // 100]).valid


def later_revision(packet: bytes, change: Any) -> bytes:
    """A shadow attack: the signed bytes stay, a later revision shows something else."""
    writer = PdfWriter(io.BytesIO(packet), incremental=True)
    change(writer)
    changed = written(writer)
    assert changed.startswith(packet)
    return changed


def overpaint(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(b"1 g 0 0 600 850 re f")
    writer.pages[3][NameObject("/Contents")] = writer._add_object(stream)


def swap(writer: PdfWriter) -> None:
    kids = writer.root_object["/Pages"]["/Kids"]
    kids[2], kids[4] = kids[4], kids[2]


@pytest.mark.parametrize(("change", "pages"), [
    (overpaint, {4}), (swap, {3, 5}), (lambda writer: writer.add_metadata({"/Title": "别的"}), set()),
])
def test_an_appended_revision_is_found_and_the_page_named(packet: bytes, keyholder: Keyholder, change: Any,
                                                          pages: Any) -> None:
    found = check(later_revision(packet, change), keyholder.trusted())
    assert not found.valid
    assert "追加" in found.reasons[0]
    assert {each["page"] for each in found.pages if not each["ok"]} == pages
    for page in pages:
        assert any(f"PDF 第 {page} 页" in each for each in found.reasons)


def test_a_page_changed_and_signed_again_by_another_is_named(packet: bytes, unsigned: bytes, keyholder: Keyholder,
                                                             tmp_path: Path, now: dt.datetime) -> None:
    stranger = Keyholder(tmp_path / "keys")
    stranger.make_demo_authority(now - dt.timedelta(days=1))
    writer = PdfWriter(clone_from=io.BytesIO(unsigned))
    overpaint(writer)
    forged = sign.sign(written(writer), stranger.key(), location="演示", now=now)
    found = check(forged, keyholder.trusted())
    assert (found.valid, found.trusted, found.manifest_ok) == (False, False, False)
    assert any("责令限期改正通知书" in each and "PDF 第 4 页" in each for each in found.reasons)
    assert not check(forged).valid, "not even without a root, for the manifest tells"


def test_an_honest_packet_of_a_stranger_is_not_trusted(unsigned: bytes, keyholder: Keyholder, tmp_path: Path,
                                                       now: dt.datetime) -> None:
    stranger = Keyholder(tmp_path / "keys")
    stranger.make_demo_authority(now - dt.timedelta(days=1))
    found = check(sign.sign(unsigned, stranger.key(), location="演示", now=now), keyholder.trusted())
    assert (found.valid, found.trusted, found.manifest_ok) == (False, False, True)
    assert "不在信任的证书之列" in found.reasons[0]


def test_a_page_taken_out_or_a_manifest_taken_away_is_found(unsigned: bytes, keyholder: Keyholder,
                                                            now: dt.datetime) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(unsigned))
    writer.remove_page(5)
    found = check(sign.sign(written(writer), keyholder.key(), location="演示", now=now), keyholder.trusted())
    assert any("页数不对" in each for each in found.reasons)
    bare = PdfWriter()
    bare.append(io.BytesIO(unsigned))
    found = check(sign.sign(written(bare), keyholder.key(), location="演示", now=now), keyholder.trusted())
    assert not found.valid
    assert not found.manifest_ok


def test_active_content_in_a_signed_file_is_found(unsigned: bytes, keyholder: Keyholder, now: dt.datetime) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(unsigned))
    writer.root_object[NameObject("/OpenAction")] = writer.pages[0].indirect_reference
    found = check(sign.sign(written(writer), keyholder.key(), location="演示", now=now), keyholder.trusted())
    assert any("动作或脚本" in each for each in found.reasons)


def test_a_signature_taken_away_is_found(packet: bytes, unsigned: bytes) -> None:
    assert "没有签名" in check(unsigned).reasons[0]
    assert not check(packet.replace(b"/ByteRange", b"/ByteRanqe")).valid
    assert not check(packet.replace(b"/Contents <", b"/Kontents <")).valid


@pytest.mark.parametrize("word", [b"/AcroForm", b"/FT /Sig", b"/Type /Sig\n", b"/Contents <", b"/SubFilter",
                                  b"/Fields"])
def test_hiding_the_signature_from_readers_is_found(packet: bytes, word: Any) -> None:
    place = packet.rindex(word)
    assert not check(packet[:place + 1] + b"x" + packet[place + 2:]).valid


def test_a_second_byte_range_is_found(packet: bytes) -> None:
    assert "恰有一个签名" in check(packet + b"\n/ByteRange [0 1 2 3]\n").reasons[0]


def changed_container(packet: bytes, change: Any) -> bytes:
    info = cms.ContentInfo.load(container(packet))
    change(info["content"])
    return with_cms(packet, info.dump(force=True))


def unsigned_attribute(content: Any) -> None:
    content["signer_infos"][0]["unsigned_attrs"] = [cms.CMSAttribute({"type": "signing_time", "values": [
        cms.Time({"utc_time": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})]})]


def another_certificate(content: Any) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    extra = certificate("别人", key, key)
    content["certificates"].append(cms.CertificateChoices.load(extra.public_bytes(serialization.Encoding.DER)))


def version(content: Any) -> None:
    content["version"] = "v3"


@pytest.mark.parametrize("change", [unsigned_attribute, another_certificate, version])
def test_parts_of_the_container_that_nothing_signs_are_guarded_too(packet: bytes, keyholder: Keyholder,
                                                                   change: Any) -> None:
    assert with_cms(packet, container(packet)) == packet
    found = check(changed_container(packet, change), keyholder.trusted())
    assert not found.valid
    assert found.reasons


def test_a_register_that_knows_another_hash_wins(packet: bytes, keyholder: Keyholder) -> None:
    found = check(packet, keyholder.trusted(), expected_sha256="0" * 64)
    assert "登记簿" in found.reasons[0]


@pytest.mark.parametrize("data", [b"", b"%PDF-", b"GIF89a", bytes(1000), b"/ByteRange [0 1 2 3]",
                                  b"%PDF-1.7 /ByteRange [0 9999999999 9999999999 0]"])
def test_rubbish_is_an_answer_and_never_an_exception(data: Any) -> None:
    found = check(data, ())
    assert not found.valid
    assert found.reasons


def certificate(name: str, key: Any, issuer_key: Any, issuer: Any = "", *, usage: Any = None,
                ca: Any = False) -> x509.Certificate:
    subject, above = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer or name))
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(above).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
               .not_valid_after(dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
               .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
    return builder.sign(issuer_key, hashes.SHA256())


@pytest.mark.parametrize("kind", ["p256", "rsa3072"])
def test_an_office_with_its_own_chain_of_certificates_is_verified(unsigned: bytes, now: dt.datetime, kind: Any) -> None:
    root_key, middle_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "p256" else rsa.generate_private_key(65537, 3072)
    root = certificate("演示根", root_key, root_key, ca=True)
    middle = certificate("演示中级", middle_key, root_key, "演示根", ca=True)
    own = certificate("演示单位", key, middle_key, "演示中级")
    pdf = sign.sign(unsigned, SigningKey(key, own, [middle, root]), location="演示", now=now)
    trust = [root.public_bytes(serialization.Encoding.DER)]
    assert check(pdf, trust).reasons == ()
    assert check(pdf, trust).signed_by == "演示单位"
    draw = random.Random(3)  # noqa: S311  (a seeded draw)
    start, _ = gap(pdf)
    for place in draw.sample(range(start + 1, start + 1 + 2 * len(container(pdf))), 150):
        digit = int(chr(pdf[place]), 16) ^ (1 << draw.randrange(4))
        assert not check(pdf[:place] + f"{digit:X}".encode() + pdf[place + 1:], trust).valid, place - start


def test_a_self_signed_certificate_may_be_its_own_root(unsigned: bytes, now: dt.datetime) -> None:
    key = rsa.generate_private_key(65537, 2048)
    own = certificate("演示自签", key, key)
    pdf = sign.sign(unsigned, SigningKey(key, own), location="演示", now=now)
    assert check(pdf, [own.public_bytes(serialization.Encoding.DER)]).reasons == ()
    assert check(pdf, ()).trusted is False


def test_the_script_for_recipients_is_this_very_checker() -> None:
    assert SCRIPT.read_bytes() == Path(verify.__file__).read_bytes(), (
        "cp app/packets/verify.py scripts/verify_packet.py")
    assert "app" not in re.findall(r"^(?:from|import) (\w+)", SCRIPT.read_text("utf-8"), re.MULTILINE)


def test_the_script_alone_gives_the_same_verdicts(packet: bytes, keyholder: Keyholder, tmp_path: Path) -> None:
    script = tmp_path / "verify_packet.py"
    script.write_bytes(SCRIPT.read_bytes())
    (tmp_path / "root.pem").write_bytes(keyholder.demo_root.read_bytes())
    tampered = bytearray(packet)
    tampered[len(packet) // 3] ^= 1
    for data, code in ((packet, 0), (bytes(tampered), 1), (packet + b"x", 1)):
        (tmp_path / "packet.pdf").write_bytes(data)
        run = [sys.executable, "-I", str(script), str(tmp_path / "packet.pdf")]
        trusting = subprocess.run([*run, "--trust", str(tmp_path / "root.pem"), "--json"], capture_output=True,
                                  check=False)
        ours = json.loads(json.dumps(verify.asdict(check(data, keyholder.trusted())), ensure_ascii=False))
        assert json.loads(trusting.stdout) == ours
        assert trusting.returncode == code
        assert trusting.stderr == b""
        plain = subprocess.run(run, capture_output=True, check=False)
        assert plain.returncode == code
        assert plain.stdout.decode().startswith("只核验了未被改动，签名人身份未核验" if code == 0 else "核验不通过")
        assert "核验通过" not in plain.stdout.decode(), "nobody vouched for the signer"
        vouched = subprocess.run([*run, "--trust", str(tmp_path / "root.pem")], capture_output=True, check=False)
        assert vouched.stdout.decode().startswith("核验通过" if code == 0 else "核验不通过")


def test_the_script_says_what_it_cannot_read(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-I", str(SCRIPT), str(tmp_path / "none.pdf")], capture_output=True,
                         check=False)
    assert run.returncode == 2


def test_page_digests_do_not_depend_on_who_wrote_the_file(unsigned: bytes) -> None:
    again = written(PdfWriter(clone_from=io.BytesIO(unsigned)))
    one, two = ([verify.page_digest(page, memory) for page in PdfReader(io.BytesIO(data)).pages]
                for data, memory in ((unsigned, {}), (again, {})))
    assert one == two
    assert len(set(one)) == len(one)
