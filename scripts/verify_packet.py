"""核验卷宗：this one file is the whole checker, in the service and for whoever receives a packet.

It needs Python with pyHanko and pypdf and nothing of the service; `scripts/verify_packet.py` is this same file, which
is why it is longer than a module of ours should be. Usage: python verify_packet.py PACKET.pdf [--trust ROOT.pem]

What is checked, each on its own: the bounds of the signature (ISO 32000-1, 12.8.1: ByteRange, and more strictly than
the standard: written in one exact way, so that no byte of the file is outside the check), the signature itself, the
certificates (pyHanko), and each page against the manifest inside the packet.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import json
import logging
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # the verdict says it, in Chinese

MANIFEST = "manifest.json"
MANIFEST_KEY = "/FanxiaoManifestSHA256"
PARTS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents")
SIGNED_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"}
CATALOG = {"/Type", "/Pages", "/Outlines", "/PageLabels", "/PageMode", "/Names", "/AcroForm", "/Version", "/Extensions",
           "/Metadata"}


@dataclass(frozen=True)
class Verdict:
    """What was found. `valid` only when everything holds; `trusted` is None when no root certificate was given."""

    valid: bool
    signed_by: str = ""
    signed_at: str = ""
    """ISO 8601, as the signature states it; no time-stamp authority stands behind it."""
    covers_whole_file: bool = False
    pages: tuple[dict[str, Any], ...] = ()
    """For each PDF page: page, label, item, ok."""
    manifest_ok: bool = False
    trusted: bool | None = None
    reasons: tuple[str, ...] = ()
    """Why it is not valid, in Chinese."""
    notes: tuple[str, ...] = ()
    title: str = ""
    sha256: str = ""


@dataclass
class _Finding:
    """What is known so far."""

    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    bounds: list[int] = field(default_factory=list)


def verify(pdf: bytes, trust: Sequence[bytes] | None = None, *, expected_sha256: str = "") -> Verdict:
    """Check a signed packet. Never raises: whatever goes wrong in reading it makes it invalid.

    Args:
        pdf: the whole file.
        trust: root (or signer's) certificates as DER; None skips the question of who signed, and says so.
        expected_sha256: of the whole file, where a register knows it.
    """
    found = _Finding(known={"sha256": hashlib.sha256(pdf).hexdigest()})
    if expected_sha256 and expected_sha256 != found.known["sha256"]:
        found.reasons.append("文件与登记簿中记录的不是同一份（SHA-256 不一致）。")
    for step in (_check_bounds, _check_signature, _check_pages):
        try:
            step(pdf, trust, found)
        except Exception:  # noqa: BLE001  (hostile files raise anything; an error is never a pass)
            found.reasons.append(_UNREADABLE[step.__name__])
    found.known.setdefault("manifest_ok", False)
    return Verdict(valid=not found.reasons, reasons=tuple(dict.fromkeys(found.reasons)), notes=tuple(found.notes),
                   **found.known)


_UNREADABLE = {
    "_check_bounds": "签名的范围无法读取，文件被改动过或不完整。",
    "_check_signature": "签名无法核验，文件被改动过或不完整。",
    "_check_pages": "页面无法读取，文件被改动过或不完整。",
}


# --- the bounds of the signature

_RANGE = re.compile(rb"/ByteRange \[(0) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,10}) *\]")


def _check_bounds(pdf: bytes, _trust: object, found: _Finding) -> None:
    """One ByteRange from the first byte to the last; its gap is one hex string, exactly as signing writes it."""
    if not pdf.startswith(b"%PDF-"):
        found.reasons.append("文件开头不是 PDF。")
    if pdf.count(b"/ByteRange") == 0:
        found.reasons.append("这份文件没有签名，或签名已被删除。")
        return
    ranges = _RANGE.findall(pdf)
    if pdf.count(b"/ByteRange") != 1 or len(ranges) != 1:
        found.reasons.append("签名数目不对：应当恰有一个签名。")
        return
    first, length, second, rest = found.bounds = [int(each) for each in ranges[0]]
    end = second + rest
    if end < len(pdf):
        found.reasons.append(f"签名之后文件又被追加了 {len(pdf) - end} 字节的内容。")
    elif end > len(pdf):
        found.reasons.append(f"文件不完整，缺少 {end - len(pdf)} 字节。")
    gap = pdf[length:second]
    plain = re.fullmatch(rb"<(([0-9A-F]{2})+)>", gap)
    if first or not plain:
        found.reasons.append("签名数据的写法被改动过。")
        return
    signature = bytes.fromhex(plain[1].decode())
    size = _der_size(signature)
    if any(signature[size:]):
        found.reasons.append("签名数据后面的填充被改动过。")
    if signature[:size] != _rebuilt(signature[:size]):
        found.reasons.append("签名数据的编码被改动过。")
    found.known["covers_whole_file"] = end == len(pdf)


def _der_size(data: bytes) -> int:
    """Length in bytes of the DER value at the start of `data` (ITU-T X.690, 10.1: shortest form)."""
    if data[0] != 0x30:  # noqa: PLR2004  (SEQUENCE)
        raise ValueError
    if data[1] < 0x80:  # noqa: PLR2004  (short form)
        return 2 + data[1]
    count = data[1] & 0x7F
    return 2 + count + int.from_bytes(data[2:2 + count], "big")


@lru_cache(maxsize=16)
def _rebuilt(data: bytes) -> bytes:
    """The CMS as signing would have written it from the parts that the signature itself protects (RFC 5652).

    The signer's certificate is fixed by its hash in the signed attributes; everything else is either signed, verified
    or a constant. Comparing with the original shows a change in any byte that a lenient reader would pass over.
    """
    content = cms.ContentInfo.load(data, strict=True)["content"]
    info = content["signer_infos"][0]
    names = {each["type"].native for each in info["signed_attrs"]}
    if len(content["signer_infos"]) != 1 or not names <= SIGNED_ATTRIBUTES:
        raise ValueError
    certificates = [each.chosen for each in content["certificates"]]
    signer = _signer_of(info, certificates)
    algorithm = {"algorithm": "sha256"}
    signed = "rsassa_pkcs1v15" if signer.public_key.algorithm == "rsa" else "sha256_ecdsa"
    fresh = cms.SignerInfo({
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": signer.issuer, "serial_number": signer.serial_number})}),
        "digest_algorithm": cms.DigestAlgorithm(algorithm),
        "signed_attrs": info["signed_attrs"].copy(),
        "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": signed}),
        "signature": info["signature"].native,
    })
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms((cms.DigestAlgorithm(algorithm),)),
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices(name="certificate", value=each) for each in certificates],
        "signer_infos": [fresh],
    })}).dump(force=True))


def _signer_of(info: Any, certificates: list[Any]) -> Any:
    """The certificate that the signed attributes name by hash (RFC 5035); the others must be its issuers."""
    named = next(each for each in info["signed_attrs"] if each["type"].native == "signing_certificate_v2")
    digest = named["values"][0]["certs"][0]["cert_hash"].native
    signer = next(each for each in certificates if hashlib.sha256(each.dump()).digest() == digest)
    issuers, current = [], signer
    while (above := next((each for each in certificates if each.subject == current.issuer), None)) is not None:
        if above in issuers or above is current:
            break
        issuers.append(above)
        current = above
    if len(issuers) + 1 != len(certificates):
        raise ValueError
    return signer


# --- the signature and who made it


def _check_signature(pdf: bytes, trust: Sequence[bytes] | None, found: _Finding) -> None:
    signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
    if len(signatures) != 1 or [int(each) for each in signatures[0].byte_range] != found.bounds:
        found.reasons.append("签名数目不对：应当恰有一个签名，且覆盖整个文件。")
        return
    signature = signatures[0]
    moment: dt.datetime | None = signature.self_reported_timestamp
    found.known["signed_by"] = str(signature.signer_cert.subject.native.get("common_name", ""))
    found.known["signed_at"] = moment.isoformat() if moment else ""
    roots = [x509.Certificate.load(each) for each in trust or ()]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
    usage = {"digital_signature", "non_repudiation"} if signature.signer_cert.key_usage_value else set()
    checked = async_validate_pdf_signature(
        signature, signer_validation_context=context, key_usage_settings=KeyUsageConstraints(key_usage=usage))
    with ThreadPoolExecutor(1) as own:  # a loop of its own, whatever loop the caller may be running
        status = own.submit(asyncio.run, checked).result()
    if not status.intact:
        found.reasons.append("签名之后文件内容被改动过。")
    if not status.valid:
        found.reasons.append("签名本身不成立：签名值或签名证书被改动过。")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.modification_level != ModificationLevel.NONE:
        found.reasons.append("签名没有覆盖整个文件。")
    certificate = signature.signer_cert
    if moment is None or not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        found.reasons.append("签名时间不在签名证书的有效期内。")
    if trust is None:
        found.notes.append("没有给出信任的根证书：只核验了签名后未被改动，没有核验签名人身份。")
        return
    found.known["trusted"] = bool(status.trusted)
    if not status.trusted:
        found.reasons.append(f"签名证书“{found.known['signed_by']}”不在信任的证书之列。")


# --- the pages


def page_digest(page: DictionaryObject, memory: dict[tuple[int, int], str]) -> str:
    """SHA-256 of all that is drawn on a page: its contents, what they use, its size and turn, in one canonical form."""
    return hashlib.sha256(b"".join(
        part.encode() + _canonical(page[part] if part == "/Resources" else page.raw_get(part), memory)
        for part in PARTS if part in page)).hexdigest()


def _canonical(value: Any, memory: dict[tuple[int, int], str]) -> bytes:
    if isinstance(value, IndirectObject):
        place = (value.idnum, value.generation)
        if place not in memory:
            memory[place] = "loop"
            memory[place] = hashlib.sha256(_canonical(value.get_object(), memory)).hexdigest()
        return b"@" + memory[place].encode()
    if isinstance(value, DictionaryObject):
        entries = b"".join(key.encode() + b"=" + _reference(value.raw_get(key), memory) + b";"
                           for key in sorted(value) if key not in {"/Length", "/Parent"})
        data = hashlib.sha256(value._data).hexdigest() if isinstance(value, StreamObject) else ""  # noqa: SLF001  (the bytes as stored)
        return b"<" + entries + data.encode() + b">"
    if isinstance(value, ArrayObject):
        return b"[" + b",".join(_reference(each, memory) for each in value) + b"]"
    if isinstance(value, (FloatObject, NumberObject)):
        return b"%.5f" % float(value)
    if isinstance(value, (TextStringObject, ByteStringObject)):
        return b"(" + value.original_bytes + b")"
    return str(value).encode()


def _reference(value: Any, memory: dict[tuple[int, int], str]) -> bytes:
    """Direct or indirect must not matter: writers are free to choose."""
    if isinstance(value, IndirectObject):
        return _canonical(value, memory)
    return b"@" + hashlib.sha256(_canonical(value, memory)).hexdigest().encode()


def _check_pages(pdf: bytes, _trust: object, found: _Finding) -> None:
    """Each page against its digest in the manifest, and nothing in the file that a packet has no use for."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    text = _attached(reader)
    if text is None:
        found.reasons.append("文件里没有卷宗清单（manifest.json），不是本系统制作的卷宗或清单已被删除。")
        return
    manifest = json.loads(text)
    found.known["title"] = str(manifest["title"])
    before = len(found.reasons)
    info: dict[Any, Any] = reader.metadata or {}
    if hashlib.sha256(text).hexdigest() != str(info.get(MANIFEST_KEY)):
        found.reasons.append("卷宗清单被改动过。")
    _check_active(reader, found)
    wanted, memory = manifest["page_sha256"], {}  # type: tuple[list[str], dict[tuple[int, int], str]]
    actual = [page_digest(page, memory) for page in reader.pages]
    if len(actual) != len(wanted):
        found.reasons.append(f"页数不对：清单记 {len(wanted)} 页，文件有 {len(actual)} 页。")
    pages = []
    for number, digest in enumerate(actual, 1):
        label, item = _place(manifest, number)
        ok = number <= len(wanted) and digest == wanted[number - 1]
        pages.append({"page": number, "label": label, "item": item, "ok": ok})
        if not ok:
            found.reasons.append(f"PDF 第 {number} 页（{item}，页码 {label}）与清单不符，被改动、替换或调换过。")
    found.known["pages"] = tuple(pages)
    found.known["manifest_ok"] = len(found.reasons) == before


def _attached(reader: PdfReader) -> bytes | None:
    attached = reader.attachments
    if list(attached) != [MANIFEST]:
        return None
    return bytes(attached[MANIFEST][0])


def _check_active(reader: PdfReader, found: _Finding) -> None:
    names: Any = reader.root_object.get("/Names", {})
    if not set(reader.root_object) <= CATALOG or set(names) - {"/EmbeddedFiles"}:
        found.reasons.append("文件里有卷宗不应有的动作或脚本。")
    for number, page in enumerate(reader.pages, 1):
        notes = [each.get_object() for each in page.get("/Annots", [])]
        if "/AA" in page or any(each.get("/FT") != "/Sig" or "/A" in each or "/AA" in each for each in notes):
            found.reasons.append(f"PDF 第 {number} 页上有卷宗不应有的批注、链接或动作。")


def _place(manifest: dict[str, Any], number: int) -> tuple[str, str]:
    """The printed page number and the title of the item that PDF page `number` belongs to."""
    own = number - int(manifest["front_pages"])
    if own < 1:
        return "无", "封面与目录"
    titles = [each["title"] for each in manifest["items"] if each["pages"][0] <= own <= each["pages"][1]]
    return str(own), titles[0] if titles else "清单外"


# --- the command


def read_certificates(data: bytes) -> tuple[bytes, ...]:
    """DER of each certificate in a PEM or DER file. Raises ValueError for anything else."""
    parts = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
    for each in parts:
        _ = x509.Certificate.load(each, strict=True).subject.native
    return tuple(parts)


PASSED = "核验通过：卷宗完整，签名后没有改动，签名证书受信任。"
UNTOUCHED = "只核验了未被改动，签名人身份未核验。"
"""Anybody can sign; without a root certificate to check against, nothing is said of who did."""
FAILED = "核验不通过。"


def report(verdict: Verdict) -> str:
    """The verdict as lines for a person."""
    head = PASSED if verdict.valid and verdict.trusted else UNTOUCHED if verdict.valid else FAILED
    lines = [head, *(f"  · {each}" for each in verdict.reasons)]
    if verdict.signed_by:
        lines.append(f"签名人：{verdict.signed_by}    签名时间：{verdict.signed_at}（签名人自述）")
    if verdict.pages:
        lines.append(f"卷宗：{verdict.title}    共 {len(verdict.pages)} 页（含封面、目录）")
    return "\n".join([*lines, *(f"注意：{each}" for each in verdict.notes), f"SHA-256：{verdict.sha256}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """0 valid, 1 not valid, 2 wrong usage."""
    parser = argparse.ArgumentParser(description="核验返校卷宗：签名、完整性和每一页。")
    parser.add_argument("packet", type=Path, help="卷宗 PDF 文件")
    parser.add_argument("--trust", type=Path, help="信任的根证书（PEM 或 DER）")
    parser.add_argument("--sha256", default="", help="登记簿中这份文件的 SHA-256")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    asked = parser.parse_args(arguments)
    try:
        pdf = asked.packet.read_bytes()
        trust = read_certificates(asked.trust.read_bytes()) if asked.trust else None
    except (OSError, ValueError) as error:
        parser.error(f"读不了文件：{error}")
    verdict = verify(pdf, trust, expected_sha256=asked.sha256.lower())
    text = json.dumps(asdict(verdict), ensure_ascii=False) if asked.json else report(verdict)
    sys.stdout.write(text + "\n")
    return 0 if verdict.valid else 1


if __name__ == "__main__":
    sys.exit(main())
