"""Passages that say where comments go, and addresses that are for something else; invented."""

from typing import NamedTuple

CALL = "现就《路灯养护办法（征求意见稿）》向社会公开征求意见。\n"


class Case(NamedTuple):
    text: str
    to: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The words that say it, in order; by default the addresses themselves."""


ADDRESSES = [
    Case(CALL + "请将意见发送至fgs@lamp.gov.cn。", ("fgs@lamp.gov.cn",)),
    Case(CALL + "电子邮箱：FGS@Lamp.gov.cn", ("fgs@lamp.gov.cn",), ("FGS@Lamp.gov.cn",)),
    Case(CALL + "电子邮件：fgs＠lamp.gov.cn", ("fgs@lamp.gov.cn",), ("fgs＠lamp.gov.cn",)),
    Case(CALL + "邮箱：fgs（at）lamp.gov.cn", ("fgs@lamp.gov.cn",), ("fgs（at）lamp.gov.cn",)),
    Case(CALL + "邮箱：fgs@ lamp. gov. cn，谢谢", ("fgs@lamp.gov.cn",), ("fgs@ lamp. gov. cn",)),
    Case(CALL + "邮箱：ｆｇｓ@lamp.gov.cn", ("fgs@lamp.gov.cn",), ("ｆｇｓ@lamp.gov.cn",)),
    Case(CALL + "邮箱：li_ming.2@deng-ju.org 联系人：李某", ("li_ming.2@deng-ju.org",)),
    Case(CALL + "邮箱：fgs#lamp.gov.cn", ("fgs@lamp.gov.cn",), ("fgs#lamp.gov.cn",)),
    Case(CALL + "邮箱：a.b@mail.lamp.gov.cn；电话：010-12345678", ("a.b@mail.lamp.gov.cn",)),
    Case("Comments may be sent to a@lamp.org. The period ends in May.", ("a@lamp.org",)),
    Case(CALL + "请登录http://www.lamp.gov.cn/a#b.cn提出意见", ("http://www.lamp.gov.cn/a#b.cn",)),
    Case(CALL + "一、登录灯具局网站（http://www.lamp.gov.cn/yjzj）提出意见。", ("http://www.lamp.gov.cn/yjzj",)),
    Case(CALL + "1.通过“意见征集”栏目（www.lamp.gov.cn）提出意见。", ("http://www.lamp.gov.cn/",), ("www.lamp.gov.cn",)),
    Case(CALL + "请登录https://zqyj.lamp.gov.cn/a?id=3，填写意见。", ("https://zqyj.lamp.gov.cn/a?id=3",)),
    Case(
        CALL + "通信地址：东灯市西灯区灯市口大街12号灯具局法规司（邮政编码：123456），请在信封上注明",
        ("东灯市西灯区灯市口大街12号灯具局法规司 123456",),
        ("东灯市西灯区灯市口大街12号灯具局法规司（邮政编码：123456",),
    ),
    Case(
        CALL + "信函请寄至：东灯市灯市口大街12号，邮编：123456。",
        ("东灯市灯市口大街12号 123456",),
        ("东灯市灯市口大街12号，邮编：123456",),
    ),
    Case(
        CALL + "地址：东灯市灯市口大街12号\n邮编：123456\n传真：010-12345678",
        ("东灯市灯市口大街12号 123456", "fax 010-12345678"),
        ("东灯市灯市口大街12号\n邮编：123456", "010-12345678"),
    ),
    Case(CALL + "地址：东灯市灯市口大街12号 电话：010-87654321", ("东灯市灯市口大街12号",)),
    Case(CALL + "电话/传真：（010）12345678", ("fax 010-12345678",), ("（010）12345678",)),
    Case(CALL + "请传真至010-1234 5678。", ("fax 010-12345678",), ("010-1234 5678",)),
    Case(
        CALL + "公众可通过以下途径反馈意见：\n1.邮箱：a@lamp.gov.cn\n2.邮箱：b@lamp.gov.cn\n灯具局\n2026年9月16日",
        ("a@lamp.gov.cn", "b@lamp.gov.cn"),
    ),
    Case(CALL + "邮箱：a@lamp.gov.cn。请将意见发至a@lamp.gov.cn", ("a@lamp.gov.cn",)),
    Case("请于10月16日前将修改意见反馈至a@lamp.gov.cn。", ("a@lamp.gov.cn",)),
    Case("Please send your comments to rules@lamp.gov.cn by October 16.", ("rules@lamp.gov.cn",)),
]  # fmt: skip

TRAPS = [
    Case("现公开招聘灯具技师，简历请发至hr@lamp.gov.cn，报名地址：东灯市灯市口大街12号。"),
    Case("请于10月16日前将申报书发至sb@lamp.gov.cn。"),
    Case(CALL + "灯具局\n2026年9月16日\n联系邮箱：web@lamp.gov.cn"),
    Case(CALL + "主办单位：灯具局 邮箱：web@lamp.gov.cn"),
    Case(CALL + "征求意见稿全文可在www.lamp.gov.cn下载。"),
    Case(CALL + "监督举报邮箱：jb@lamp.gov.cn"),
    Case(CALL + "第一条 申请人应当将意见发至zz@lamp.gov.cn。"),
    Case(CALL + "网站地址：灯具局门户网站首页"),
    Case(CALL + "联系电话：010-12345678"),
    Case("路灯养护办法。联系邮箱：a@lamp.gov.cn"),
]
