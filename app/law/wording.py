"""Characters that cannot be printed, and words that a paper must not carry.

Basis of the words: 行政处罚法第四条、第十六条、第三十八条 (no penalty without a basis; 义务教育法第五十八条
knows none on guardians); 居民身份证法第十五条 (no one may keep an identity card); 义务教育法第二十七条;
未成年人保护法第二十八条第一款; 个人信息保护法第二十八条.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BAD_RANGES = (
    (0x0000, 0x001F, "控制字符"), (0x007F, 0x009F, "控制字符"), (0x00AD, 0x00AD, "看不见的连字符"),
    (0x034F, 0x034F, "看不见的字符"), (0x061C, 0x061C, "书写方向控制符"), (0x115F, 0x1160, "看不见的字符"),
    (0x17B4, 0x17B5, "看不见的字符"), (0x180B, 0x180F, "看不见的字符"), (0x200B, 0x200D, "零宽字符"),
    (0x200E, 0x200F, "书写方向控制符"), (0x2028, 0x2029, "换行控制符"), (0x202A, 0x202E, "书写方向控制符"),
    (0x2060, 0x2064, "零宽字符"), (0x2066, 0x2069, "书写方向控制符"), (0x206A, 0x206F, "看不见的字符"),
    (0x3164, 0x3164, "看不见的字符"), (0xD800, 0xDFFF, "残缺的字符"), (0xE000, 0xF8FF, "自造字"),
    (0xFDD0, 0xFDEF, "非字符"), (0xFE00, 0xFE0F, "异体选择符"), (0xFEFF, 0xFEFF, "零宽字符"),
    (0xFFA0, 0xFFA0, "看不见的字符"), (0xFFF0, 0xFFFF, "替代符或乱码"), (0xE0000, 0xE0FFF, "看不见的字符"),
    (0xF0000, 0x10FFFF, "自造字"),
)
_PLANE_END = 0xFFFE
_ADVICE = {"自造字": "请换成正式汉字，或联系管理员补字", "替代符或乱码": "原文可能已丢字，请对照原件重新录入"}


def unprintable(text: str, *, newlines: bool) -> str:
    """Empty when every character can be printed.

    Else a sentence that names the first bad one and its place.
    """
    for place, character in enumerate(text, 1):
        if newlines and character == "\n":
            continue
        if kind := _kind_of_bad(ord(character)):
            advice = _ADVICE.get(kind, "请删去后重新输入")
            return f"第{place}个字符是{kind}（U+{ord(character):04X}），{advice}。"
    return ""


def _kind_of_bad(code: int) -> str:
    if code in {0x09, 0x0A, 0x0D}:
        return "制表符" if code == ord("\t") else "换行符"
    for first, last, kind in _BAD_RANGES:
        if first <= code <= last:
            return kind
    return "非字符" if code & _PLANE_END == _PLANE_END else ""


@dataclass(frozen=True)
class Finding:
    """A word that must not stand in the text, why, and what to do instead."""

    word: str
    reason: str
    advice: str


@dataclass(frozen=True)
class Term:
    """One kind of word.

    `pattern` is a regular expression over the folded text; `loose` words are also found when marks of
    punctuation stand inside them, which for the others would catch two innocent words (家长保证，金某…).
    """

    pattern: str
    reason: str
    advice: str
    loose: bool = True
    unless: str = ""
    """What may stand right before the word and makes it lawful (a pattern over the folded text)."""


_PENALTY = "法律没有规定对监护人作这种处罚（行政处罚法第十六条、第三十八条）。"
_LAWFUL = "请删去；逾期后果只写法定途径：批评教育、责令改正、申请人民法院强制执行等。"
_MONEY = "不得向监护人收取任何款项。"
_CRIME = "不送子女入学本身不构成犯罪，不得以刑事责任相威胁。"
_SUPPORT = "(?:低保|最低生活保障|补助|补贴|救助|惠农)"
_CERTIFICATE = "(?:小学|初中|义务教育)?毕业证"
_SUM = "[0-9一二三四五六七八九十百千]{1,6}(?:元|块)"
_POOR = "(?:低保|最低生活保障|脱贫户|监测户)"
_AID = "(?:低保|补贴|补助|救助|惠民|惠农|帮扶|贷款|医保|合作医疗)"
_PAPERS = "(?:身份证|户口簿|户口本)"
_US = "(?:本机关|本乡|本镇|本局|我局|我镇|我乡)"
_HOLD = "任何单位和个人不得扣押他人证件、财物（居民身份证法第十五条）。"
_NO_LINK = "社会救助和公共服务不得与子女上学挂钩取消。"
_NO_POWER = "本机关没有强制执行权，只能申请人民法院强制执行（行政强制法第五十三条）。"
_NOT_IN_LAW = "这不是不送子女入学的法定后果。"
GENERAL = (
    Term("罚款|罚金|罚钱", _PENALTY, _LAWFUL),
    Term("拘留", _PENALTY, "请删去；如确系案外事实，可写“羁押”。"),
    Term(f"(?:经济|行政|治安|元的?)处罚(?!法)|处以?{_SUM}|罚(?:你|您|其)?{_SUM}|每[天日月次]扣", _PENALTY, _LAWFUL),
    Term("扣押|扣留", _HOLD, "请删去。"),
    Term(f"{_PAPERS}[^，]{{0,3}}(?:交由|交|由)(?!由?(?:其?本人|自己|家长|监护人))[^，]{{1,8}}保管"
         f"|(?:暂扣|收缴|收走|代管)[^，]{{0,4}}(?:{_PAPERS}|证件)", _HOLD, "请删去。", loose=False),
    Term(f"(?:取消|停发|停止发放|扣发|扣除|核减)(?:您家|你家|其|全家|家庭|一切|各项|的)*{_SUPPORT}",
         _NO_LINK, _LAWFUL),
    Term(f"{_POOR}[^，不未没]{{0,8}}(?:清退|取消|停发|停办|停了|停掉|要停|核销)|停(?:了|掉)?(?:你|您|其)家?的?{_POOR}"
         f"|(?:取消|停止|停发|不再享受|不得享受|不得再享受)[^，]{{0,8}}{_AID}", _NO_LINK, _LAWFUL, loose=False),
    Term("(?:不予|不得|不给|拒绝|暂停)(?:办理|开具|受理|参加)[^，虚]{0,8}(?:户口|证明|医保|合作医疗|审批|宅基地|贷款)"
         "|(?:审批|贷款|户口)[^，]{0,4}不予(?:受理|办理)", _NO_LINK, _LAWFUL, loose=False),
    Term("(?<!抵)押金|保证金|承诺金|(?:违约|诚信|悔过|教育保障)金", _MONEY, "请删去。", loose=False),
    Term("没收(?![到取过齐费下拾集])", _PENALTY, _LAWFUL),
    Term(f"(?:不发|不予?颁发|不予?发放|不给|扣发|暂扣|取消)(?:其|子女|学生|的)*{_CERTIFICATE}",
         "毕业证书不得用来惩戒监护人或学生。", "请删去。"),
    Term("刑事责任|判刑|坐牢|刑责", _CRIME, "请删去；涉嫌犯罪的线索应移送公安机关，不写入文书。"),
    Term("(?:必将|必定|一定|将|坚决|立即|直接)(?:被|予以|依法|对[^，]{1,6}){0,3}强制执行",
         _NO_POWER, "请写“依法申请人民法院强制执行”。"),
    Term(f"{_US}(?:有权|将|可以|依法|直接){{0,3}}强制执行", _NO_POWER, "请写“依法申请人民法院强制执行”。"),
    Term("抓人(?![才数员口])|抓走|(?:公安|派出所|民警)[^，]{0,6}带走|强制(?:送返|带离|遣返|返校)|强行带走",
         "本机关没有限制人身自由、强制带离的职权。", _LAWFUL),
    Term("失信被执行人|失信名单|失信人员|黑名单|影响[^，]{0,8}(?:政审|参军|征信)", _NOT_IN_LAW, _LAWFUL, loose=False),
    Term("曝光(?!过度|不足)|黑榜|张榜公布|大喇叭|失信惩戒|限制高消费", _NOT_IN_LAW, _LAWFUL),
    Term("撤销[^，]{0,8}监护(?:人)?资格", "撤销监护人资格由人民法院依申请判决（民法典第三十六条），不得用来相威胁。",
         _LAWFUL, loose=False),
    Term("后果自负|一切(?:法律)?后果", "不写没有法律依据的笼统后果。", _LAWFUL, loose=False),
    Term("(?:未成年人保护法|未保法)(?:[0-9]{4}年?修[订正])?第(?:十三|13)条",
         "这是修订前的条文。", "请引用现行未成年人保护法第十六条第五项、第十七条第五项。"),
    Term("义务教育法实施细则|实施细则第(?:四十|40)条", "1992年的实施细则已经废止，不得引用。",
         "请引用义务教育法第五十八条。"),
)
_PRIVATE_MARRIAGE = "婚育情况属于敏感个人信息，不得写入通知书。"
PRIVATE_FAITH = "宗教信仰属于敏感个人信息，不得询问，不得写入文书。"
_NEUTRAL = "请只写“无正当理由未送其入学接受义务教育”。"
_FAITH = Term("入寺|寺院|寺庙|清真寺|宗教(?!局|事务)|念经|经文|阿訇|满拉|(?:信|入)教(?![育室学师材导务改程科练授])",
              PRIVATE_FAITH, _NEUTRAL, loose=False)
_FAITH_MORE = Term(
    "(?<!已)经堂|拱北|道堂|(?<!街)道观(?![察看念点光众])|教堂|古兰|伊斯兰|做礼拜|(?<![走搬跑说找])出家(?![门里庭中长])"
    "|和尚(?![未在有])|喇嘛|学阿语|信众|信仰", PRIVATE_FAITH, _NEUTRAL, loose=False)
LISTS: dict[str, tuple[Term, ...]] = {
    "school": (
        Term("责令|勒令", "学校没有责令监护人的职权（义务教育法第五十八条）。", "请写“告知”“请您”。",
             unless="(?:请|建议)[^，]{0,20}(?:人民政府|教育体育局|教育局)[^，]{0,6}"),
        Term("处罚(?!法)", "学校没有处罚监护人的职权。", "请删去。"),
        Term("劝退|开除|(?:令其|要求其|给予|予以|责成)退学",
             "学校不得开除、变相开除学生（义务教育法第二十七条、未成年人保护法第二十八条第一款）。", "请删去。"),
    ),
    "record": (
        Term("训诫", "训诫由公安机关、人民检察院、人民法院作出（未成年人保护法第一百一十八条）。",
             "请写“批评教育”。"),
        Term("具结(?:悔过)?|悔过书|检讨书|写检讨|写保证书", "批评教育不得强迫当事人具结或检讨。", "请删去。"),
    ),
    "order": (
        Term("早婚|结婚(?!证)|已婚|订婚|成婚|彩礼|怀孕|生育", _PRIVATE_MARRIAGE, _NEUTRAL),
        Term("出嫁|嫁人|已嫁(?!人)|婆家|(?<![确指一约决认规固])[订定]亲(?![自属])|(?<!共)同居(?![住民])|身孕|坐月子|聘礼"
             "|(?<!学)生[了下](?:孩子|小孩|一[子女])|成了家(?![长里务庭中])", _PRIVATE_MARRIAGE, _NEUTRAL, loose=False),
        _FAITH, _FAITH_MORE,
        Term("抑郁|癫痫|智障|智力(?:残疾|障碍)|精神(?:病|障碍|分裂|残疾)|自闭|残疾(?:证|[一二三四]级)"
             "|[一二三四]级残疾|肝炎|肺结核|艾滋|白血病", "病情、残疾属于敏感个人信息，不得写入通知书。",
             "请删去；因病、因残的另行办理休学、延缓入学或者安置。"),
    ),
    "question": (_FAITH, _FAITH_MORE),
    "demand": (
        Term("滞纳金|代履行", "送子女入学不是金钱给付义务（行政强制法第三十五条第三项）。", "请删去。"),
    ),
    "transfer": (
        Term("(?:责令|限)(?:你|贵|公安|检察)|务必|必须[^，]{1,10}(?:函复|办结|处理|查处)",
             "移送函是平行文，不得向受文机关下命令、定期限。", "请写“请依法处理”“请函复”。"),
    ),
}
"""Extra lists by name, for the kinds of paper that declare them (`Paper.banned`)."""

_BOUNDARIES = frozenset("，。；：！？,;:!?\n“”‘’\"'《》〈〉（）()【】[]［］「」『』…—〔〕{}")
_COMMA, _PAUSE = "，", "、"
REACH = 32
"""How far back a denial is looked for; also what keeps the search short on any text."""
_WHOLE_ID = re.compile("(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_TRADITIONAL = str.maketrans("罰沒證發畢業強執責訓誡處", "罚没证发毕业强执责训诫处")
_NEGATED = re.compile(
    r"(?<!不得)(?<!不能)(?<!不会)(?<!不可)"
    r"(?:不是|不属于|不涉及|不包括|不存在|不得|不会|不能|不予|不可|绝不|决不|从不|不再|并非|禁止|严禁|无权|未曾|没有|不作出|不收取|未收取|未作出|不|未)"
    r"(?:对[^，、]{1,6}|作出|给予|进行|实施|处以|收取|任何|行政|刑事|被|以|因此|"
    r"(?:罚款|拘留|扣押|没收|押金|保证金|处罚|费用|款项|证件|财物)[、或和及])*$")


def check(text: str, *, banned: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every word of the general list and of the lists named in `banned` that stands in `text`.

    Each is told once. Spaces, full-width forms, invisible characters and marks inside a word do not hide it;
    a word that the text denies (不得罚款, 不是行政处罚) is no finding. Raises KeyError for a list that does
    not exist.
    """
    folded = "".join(map(_fold, text)).translate(_TRADITIONAL)
    kept = [place for place, character in enumerate(folded) if character not in _COMMA + _PAUSE]
    squeezed = "".join(folded[place] for place in kept)
    found: dict[str, Finding] = {}
    for term in GENERAL + tuple(term for name in sorted(banned) for term in LISTS[name]):
        for match in re.finditer(term.pattern, squeezed if term.loose else folded):
            start = kept[match.start()] if term.loose else match.start()
            before = folded[max(0, start - REACH):start]
            if match[0] not in found and not _NEGATED.search(before) and not _allowed(term, before):
                found[match[0]] = Finding(match[0], term.reason, term.advice)
    return tuple(found.values())


def _allowed(term: Term, before: str) -> bool:
    return bool(term.unless) and re.search(f"(?:{term.unless})$", before) is not None


def whole_id_number(text: str) -> bool:
    """Whether a full 公民身份号码 (18 characters) stands in the text, however it is spaced (个人信息保护法第六条)."""
    return _WHOLE_ID.search("".join(map(_fold, text))) is not None


def _fold(character: str) -> str:
    """One mark for all boundaries but the pause; other marks and invisibles vanish.

    Characters newer than this Python's tables (category Cn) stay.
    """
    if character == _PAUSE:
        return _PAUSE
    if character in _BOUNDARIES:
        return _COMMA
    plain = unicodedata.normalize("NFKC", character)
    kinds = ((each, unicodedata.category(each)) for each in plain)
    return "".join(each for each, kind in kinds if kind[0] in "LN" or kind == "Cn")
