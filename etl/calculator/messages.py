"""Messages on formulas: verdicts, reasons, defects and next steps."""

from __future__ import annotations

from etl.calculator.syntax import Problem
from etl.calculator.verdicts import FormulaVerdict
from schemas.texts import Language, Text

VERDICTS: dict[FormulaVerdict, Text] = {
    "agrees": Text("agrees", "相符"),
    "agrees_if_cut_off": Text("agrees only if digits were cut off, not rounded", "仅在截尾（非四舍五入）时相符"),
    "contradicts": Text("contradicts", "矛盾"),
    "cannot_be_said": Text("cannot be said", "无法判断"),
    "cannot_be_read": Text("cannot be read", "无法解读"),
}
PROBLEMS: dict[str, Text] = {
    "empty": Text(
        "There is no formula. Write one, such as 4.40万件 / 7.64万件 = 57.6%.",
        "没有算式。请写出算式，例如 4.40万件 / 7.64万件 = 57.6%。",
    ),
    "figure_expected": Text(
        "A figure, a parenthesis or sum( is expected here. Units follow their number: 505件.",
        "此处应为数字、括号或 sum(。单位写在数字之后：505件。",
    ),
    "operator_expected": Text(
        "{found} is neither an operator (+ - × ÷ = <= >= < >) nor a unit that schemas/codes/units.csv lists.",
        "{found} 既不是运算符（+ - × ÷ = <= >= < >），也不是 schemas/codes/units.csv 所列的单位。",
    ),
    "not_closed": Text("This parenthesis is not closed. Add a ).", "此括号没有闭合。请补上 )。"),
    "not_opened": Text(
        "This parenthesis closes none. Remove it, or add a ( before.", "此括号没有对应的 (。请删去，或在前面补上 (。"
    ),
    "comparison_within": Text(
        "A comparison cannot stand within parentheses. Close them before it.", "括号之内不能比较。请先闭合括号。"
    ),
    "second_comparison": Text(
        "A formula has one comparison. Write the second as a formula of its own.",
        "一个算式只能有一次比较。请把第二次比较写成另一个算式。",
    ),
    "comma_outside_list": Text(
        "Only the parts of a list are separated: write sum(…, …), or + instead.", "只有列表才用分隔号：请写 sum(…, …)，或改用 +。"
    ),
    "one_in_list": Text(
        "{figure} is one number. For a list, put a space after the comma.", "{figure} 是一个数。若是列表，请在逗号后加空格。"
    ),
    "too_many": Text("A formula has at most {most} figures. Split it.", "一个算式最多 {most} 个数字。请拆分。"),
    "too_deep": Text("Parentheses are nested at most {most} deep. Split the formula.", "括号最多嵌套 {most} 层。请拆分算式。"),
    "unlike_sum": Text(
        "{left} and {right} are not added or subtracted. Compare like with like, or divide one by the other.",
        "{left}与{right}不能相加减。请用同类单位，或改为相除。",
    ),
    "unlike_comparison": Text(
        "{left} and {right} are not compared. Write both sides in one unit.", "{left}与{right}不能比较。请把两边写成同一单位。"
    ),
    "figure_unreadable": Text(
        "{figure} cannot be read as a figure, or can be read in more than one way. Write it in digits, with one hedge at most.",
        "{figure} 无法解读为数字，或有多种读法。请用阿拉伯数字书写，最多带一个概数词。",
    ),
    "figure_too_large": Text("{figure} has too many digits. Shorten it to 18.", "{figure} 位数过多。请缩短到 18 位。"),
    "too_large": Text(
        "The result is too large to compute with. Use larger units.", "此处的结果过大，无法计算。请改用更大的单位。"
    ),
    "no_comparison": Text("Nothing is compared. Add = and the expected figure.", "没有比较。请加上 = 和应得的数字。"),
    "unknown_bounds": Text(
        "{figures}: how far the true number may be from the printed one is not known.",
        "{figures}：真实数与所印数字相差多少，无从得知。",
    ),
    "divisor": Text("The divisor in {part} can be zero.", "{part} 的除数可能为零。"),
    "product": Text("In {part} neither factor has a known sign.", "{part} 的因数正负不明。"),
    "open_sides": Text("The sides are open on the side where they would have to meet.", "两边的区间在应当相遇的方向上没有界限。"),
}
SIDES = {"left": Text("left ", "左边"), "right": Text("right", "右边"), "value": Text("value", "结果")}
IF_CUT_OFF = Text("if digits were cut off", "若为截尾")
UNKNOWN = Text("unknown", "不明")
NO_UNIT = Text("a number without unit", "无单位的数")


def problem_text(problem: Problem, language: Language) -> str:
    """Write the defect of a formula, or why it is undecided, and the next step."""
    words = {name: word or NO_UNIT.in_language(language) for name, word in problem.words.items()}
    return PROBLEMS[problem.code].in_language(language).format_map(words)


def would_agree(published: str, values: str) -> Text:
    """Name the values with which, in place of a figure, the formula would agree."""
    return Text(f"{values} instead of {published} would agree", f"{published} 若为 {values} 即相符")


def summary(number: int, verdicts: dict[FormulaVerdict, int], language: Language) -> str:
    """Count the formulas by verdict."""
    between, colon = ("，", "：") if language == "zh" else (", ", ": ")
    listed = between.join(f"{VERDICTS[verdict].in_language(language)}{colon}{n}" for verdict, n in verdicts.items() if n)
    return Text(f"{number} formulas. {listed}", f"{number} 个算式。{listed}").in_language(language).rstrip()
