"""The words by which a text states relations, and what a label of a figure is without them."""

from __future__ import annotations

import re

from etl.proofreading.sentences import MARKS

NO_BREAK = f"[^，；。：（）{MARKS}]"
"""A character within a clause, outside parentheses, that is no figure."""
RISES = "增长|增加|上升|提高|提升|增幅|涨幅|上涨|扩大|新增|多|增|升|涨"
FALLS = "下降|减少|降低|缩减|缩短|压缩|下滑|回落|下跌|收窄|降幅|跌幅|负增长|减|降|跌|少"
OF_RISE = re.compile(f"^(?:{RISES})")
COMPARED = (
    "(?:同比|环比|(?:比|较|与)(?:上年|去年|上一年|前一年|上年同期|去年同期|上一?年度|(?:19|20)[0-9]{2}年)(?:末|底|同期|相比)*)"
)
EARLIER = "(?:上年|去年|上一年|上年同期|去年同期|上年末|去年末|上年底|上年度|(?:19|20)[0-9]{2}年)(?:同期|末|底)*"
VERBS = "(?:为|是|有|达到?|约|共|仅|约为|高达|达到了|：)?"
AREAS = "(?:全国|全省|全市|全区|全县|全州|全院|我国|我省|我市|本省|本市|本院|全市法院|全省法院|全国法院)"
NOT_COMPARABLE = re.compile(
    "生产总值|GDP|增加值|可比|不变价|口径|实际增|名义|剔除|扣除|投资|财政|预算收入|保费|利润|营业收入|业务收入"
    "|总产值|销售额|零售|年均|平均每年|每年|逐年|复合|两年"
)
"""Where levels and growth are printed side by side and do not follow from each other: growth at constant prices, of a
revised base, or of several years."""
MONEY_OR_SIZE = re.compile("值|额|收入|面积|资金|税|贷款|投入|规模|产量|比重|人口|权重|金$|款$|得分|票")
"""What is no count, so that a share of it follows from no whole number."""
_LEADING = re.compile(
    f"^(?:{AREAS}|其中|同时|另外|此外|目前|当前|全年|今年|年内|截至[^，]*?(?:年末|年底|月底|日|底"
    f"|末)|(?:19|20)[0-9]{{2}}年(?:底|末|度)?|年末|年底|期末|共|累计共)+"
)
_TRAILING = re.compile(
    "(?:已|现|仍|均|也|就|则)?(?:为|是|有|达到?|约|共|共计|合计|总计|高达|增至|升至|降至|提升至"
    "|提高到|增加到|突破|完成|实现|了)+$"
)


def label_of(words: str) -> str:
    """Return the words before a figure without the area and year at their beginning, and the verb at their end."""
    words = words.strip('，；。：（）、“”" ')
    previous = ""
    while words != previous:
        previous, words = words, _TRAILING.sub("", _LEADING.sub("", words)).strip("，、：的")
    return words
