from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.wording import LISTS, check, unprintable, whole_id_number


def words(text: str, *lists: str) -> list[str]:
    return [found.word for found in check(text, banned=frozenset(lists))]


@pytest.mark.parametrize(("code", "kind"), [
    (0x00, "控制字符"), (0x1F, "控制字符"), (0x7F, "控制字符"), (0x9F, "控制字符"), (0xAD, "看不见的连字符"),
    (0x200B, "零宽字符"),
    (0x200D, "零宽字符"), (0x200E, "书写方向控制符"), (0x202A, "书写方向控制符"), (0x202E, "书写方向控制符"),
    (0x2066, "书写方向控制符"), (0x2069, "书写方向控制符"), (0xFEFF, "零宽字符"), (0xD800, "残缺的字符"),
    (0xDFFF, "残缺的字符"),
    (0xE000, "自造字"), (0xF8FF, "自造字"), (0xF0000, "自造字"), (0x10FFFD, "自造字"), (0xFFFC,
                                                                            "替代符或乱码"),
    (0xFFFD, "替代符或乱码"), (0xFFFF, "替代符或乱码"), (0xFDD0, "非字符"), (0x1FFFE, "非字符"), (0x2FFFF,
                                                                                "非字符"), (0x09, "制表符"),
    (0x0A, "换行符"), (0x0D, "换行符"), (0x2028, "换行控制符"), (0xE0041, "看不见的字符"), (0xFE0F,
                                                                           "异体选择符"),
])
def test_what_cannot_be_printed_is_named_with_its_place(code: int, kind: str) -> None:
    assert unprintable(f"甲乙{chr(code)}丙", newlines=False).startswith(f"第3个字符是{kind}（U+{code:04X}）")


def test_newlines_pass_only_where_they_may_stand() -> None:
    assert unprintable("甲\n乙", newlines=True) == ""
    assert unprintable("甲\r\n乙", newlines=True) != ""
    assert unprintable("甲\n乙", newlines=False) != ""
    assert unprintable("甲\t乙", newlines=True) != ""


def test_ordinary_and_rare_characters_pass() -> None:
    assert unprintable("固教体责改〔2026〕12号，𱍐𬱖㛃〇·—…“”A1", newlines=False) == ""
    assert unprintable("", newlines=False) == ""


@given(st.characters())
def test_no_control_surrogate_format_or_private_character_passes(character: str) -> None:
    if unicodedata.category(character) in {"Cc", "Cs", "Co"}:
        assert unprintable(character, newlines=False)


BANNED = [
    "逾期罚款500元", "罚 款", "罚　款", "罚\u200b款", "罚，款", "罚*款", "罚、款", "罚（款）", "罚\n款",
    "罰款", "罚·款", "罚-款",
    "处以罚金", "将被拘留", "扣押身份证", "扣留户口本", "取消低保", "取消您家的低保", "停发各项补贴",
    "取，消，低，保", "缴纳押金",
    "缴纳保证金", "保 证 金", "保-证-金", "没收手机", "不发毕业证", "不予颁发毕业证书", "扣发初中毕业证",
    "追究刑事责任", "要判刑",
    "必将强制执行", "本机关将依法强制执行", "将对你强制执行", "列入失信名单", "影响子女参军政审",
    "不得不罚款", "不会不罚款", "非罚款不可",
    "《未成年人保护法》第十三条", "《中华人民共和国未成年人保护法》（2012年修正）第13条", "未保法第１３条",
    "《义务教育法实施细则》",
    "义务教育法实施细则第四十条", "不返校就罚款", "不是罚款就是拘留", "不送子女上学，罚款",
    "如不返校，必将罚款", "不返校、罚款", "不，罚款",
    "罚你500块", "把低保停了", "停你家低保", "低保要停", "强行带走", "逾期罚500元", "罚五百元", "处500元", "予以经济处罚", "行政处罚", "给予500元的处罚", "每天扣50元", "每日扣工钱",
    "缴纳违约金", "交诚信金", "交教育保障金", "从低保户中清退", "低保资格将被取消", "不再享受低保", "脱贫户待遇停发",
    "停止其惠农补贴", "不得享受合作医疗", "不予办理户口", "拒绝开具各种证明", "宅基地审批不予受理", "暂停受理其贷款",
    "暂扣身份证", "身份证交学校保管", "户口簿由村委会保管", "收缴其证件", "将予曝光", "列入黑榜", "张榜公布名单", "用大喇叭广播",
    "失信惩戒", "限制高消费", "追究刑责", "由派出所带走", "派人抓人", "强制送返", "强制带离", "本机关有权强制执行",
    "我镇将依法强制执行", "后果自负", "承担一切法律后果", "撤销监护人资格", "申请撤销其父母监护资格",
]


@pytest.mark.parametrize("text", BANNED)
def test_a_word_that_no_paper_may_carry_is_found_however_it_is_written(text: str) -> None:
    assert words(text)


LAWFUL = [
    "依照《中华人民共和国行政处罚法》第四条", "本通知不是行政处罚", "不得罚款", "本机关不罚款",
    "严禁收取押金、保证金", "没有收取任何押金",
    "家长没收到通知", "家长没收到，孩子没收拾书包", "家长保证，金某下周返校", "家长保证“金榜题名”",
    "抵押金额", "依法申请人民法院强制执行",
    "将依法申请人民法院强制执行", "《中华人民共和国未成年人保护法》第一百三十一条",
    "《未成年人保护法》第十六条第五项", "《教育法》第十三条",
    "不得以取消低保相威胁", "经批评教育仍未返校", "依照《中华人民共和国义务教育法》第五十八条的规定",
    "不得扣押居民身份证", "不得罚款、拘留",
    "本通知不是行政处罚，不罚款，也不拘留", "孩子没收过学校的信", "",
    "本机关可以依法申请人民法院强制执行", "本通知不属于行政处罚", "本通知不涉及罚款", "不存在停发补助的情况", "后果不包括拘留", "不因此罚款",
    "依照行政处罚法", "身份证由本人保管", "户口簿交由家长保管", "已帮助其办理低保，没有停发", "不得拒绝办理户口",
    "学校狠抓人才培养", "不得开具虚假证明", "学校已落实补助", "每天打电话联系",
]


@pytest.mark.parametrize("text", LAWFUL)
def test_a_lawful_sentence_passes(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(("name", "text", "word"), [
    ("record", "让其写悔过书", "悔过书"), ("record", "写保证书", "写保证书"), ("school", "责成退学", "责成退学"),
    ("school", "请家长注意，责令其返校", "责令"), ("order", "已嫁人", "嫁人"), ("order", "住在婆家", "婆家"),
    ("order", "已定亲", "定亲"), ("order", "与他人同居", "同居"), ("order", "有身孕", "身孕"),
    ("order", "已生了孩子", "生了孩子"), ("order", "在经堂", "经堂"), ("order", "去拱北", "拱北"),
    ("order", "做礼拜", "做礼拜"), ("order", "已出家", "出家"), ("order", "信仰伊斯兰", "信仰"),
    ("order", "患抑郁症", "抑郁"), ("order", "患癫痫", "癫痫"), ("order", "智力残疾二级", "智力残疾"),
    ("order", "持残疾证", "残疾证"), ("question", "你家信什么宗教？", "宗教"), ("question", "是不是去念经了？", "念经"),
    ("school", "现责令你返校", "责令"), ("school", "将给予处罚", "处罚"), ("school", "予以劝退", "劝退"),
    ("school", "开 除", "开除"),
    ("record", "予以训诫", "训诫"), ("record", "具结悔过", "具结悔过"), ("order", "因早婚辍学", "早婚"),
    ("order", "已怀孕", "怀孕"),
    ("order", "入寺入教", "入寺"), ("order", "因信教离校", "信教"), ("demand", "加收滞纳金", "滞纳金"),
    ("transfer", "责令你局查处", "责令你"), ("transfer", "请务必函复", "务必"), ("transfer", "必须七日内函复",
                                                                 "必须七日内函复"),
])
def test_a_named_list_forbids_its_words_only_where_it_is_declared(name: str, text: str, word: str) -> None:
    assert word in words(text, name)
    assert words(text) == []


@pytest.mark.parametrize(("name", "text"), [
    ("school", "不得开除学生"), ("school", "依照《行政处罚法》"), ("school", "这不是处罚"), ("order",
                                                                         "相信教育能改变命运，请送入教室"),
    ("order", "深入教学一线"), ("order", "宗教局工作人员在场"), ("order", "查看结婚证"), ("order", "与祖父母共同居住"),
    ("order", "确定亲属关系，父亲一定亲自送"), ("order", "父亲和尚未成年的弟弟在家"), ("order", "学生走出家门"),
    ("order", "已经成了家里的帮手"), ("school", "学生自行要求退学，未同意"), ("school", "请县教育体育局依法责令其改正"),
    ("school", "建议云岭镇人民政府责令限期改正"), ("question", "孩子没有到校的原因是什么？"), ("transfer", "已送达《责令限期改正通知书》"), ("transfer",
                                                          "我镇已责令其限期改正"),
])
def test_a_named_list_leaves_lawful_sentences_alone(name: str, text: str) -> None:
    assert words(text, name) == []


@pytest.mark.parametrize(("text", "whole"), [
    ("号码640499201103150022。", True), ("号码640499 20110315 0022", True), ("６４０４９９２０１１０３１５００２Ｘ", True),
    ("电话13900000001、13900000002", False), ("电话13900000001 13900000002", False), ("640499********0022", False),
    ("2026年9月7日至2026年9月18日", False), ("", False),
])
def test_a_whole_identity_number_is_seen_however_it_is_spaced(text: str, *, whole: bool) -> None:
    assert whole_id_number(text) is whole


def test_each_word_is_reported_once_with_reason_and_advice() -> None:
    found = check("罚款，再罚款，并拘留")
    assert [each.word for each in found] == ["罚款", "拘留"]
    assert all(each.reason and each.advice for each in found)


def test_a_list_that_does_not_exist_is_a_fault_of_the_declaration() -> None:
    with pytest.raises(KeyError):
        check("甲", banned=frozenset({"nothing"}))


def test_characters_newer_than_the_tables_do_not_hide_or_make_a_word() -> None:
    assert words("𱍐罚款")
    assert words("罚𱍐款") == []


@pytest.mark.parametrize("text", ["不" + "对" * 3000 + "罚款", "将" + "对" * 3000, "不得" + "任何" * 2000 + "罚款"])
def test_no_text_makes_the_check_slow(text: str) -> None:
    began = time.perf_counter()
    check(text)
    assert time.perf_counter() - began < 1


NOISE = st.text(st.sampled_from(" \u3000\u200b，。、*-·（）\n"), max_size=3)


@given(st.sampled_from(["罚款", "拘留", "扣押", "没收", "取消低保", "刑事责任"]), st.data())
def test_marks_and_spaces_never_hide_a_word(word: str, data: st.DataObject) -> None:
    noisy = "".join(character + data.draw(NOISE) for character in word)
    assert words(f"如不返校就{noisy}")


@given(st.text(max_size=60))
def test_any_text_can_be_checked(text: str) -> None:
    check(text, banned=frozenset(LISTS))
