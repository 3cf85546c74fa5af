"""A programme is decided once, from its conditions; nothing is promised and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue.eligibility import NextStep, Outcome, Profile, ProgrammeResult, Reason, Verdict, check_eligibility
from bot.catalogue.eligibility.choices import choices
from bot.catalogue.eligibility.report import EMPTY_CATALOGUE, NOTHING, markdown, report, source_name
from bot.catalogue.eligibility.terms import known_terms, tidy
from bot.catalogue.eligibility.understood import understood
from bot.catalogue.models import Catalogue
from bot.types import Document, DocumentMetadata, TextKind
from tests.catalogue.test_eligibility_cases import CATALOGUES, TODAY, read_cases

DISTRICT, PUTUO = CATALOGUES["district"], CATALOGUES["putuo"]
FITTING = Profile(
    region="青禾区",
    size="三十来人的小公司",
    qualifications=("高企",),
    about="2019年成立，去年营收四千万，研发投入占营业收入8%",
)


def result(profile: Profile, programme: str, catalogue: Catalogue = DISTRICT) -> ProgrammeResult:
    results = check_eligibility(catalogue, profile, TODAY).results
    return next(each for each in results if each.programme.id == programme)


def outcomes(profile: Profile, catalogue: Catalogue) -> dict[tuple[str, int], Outcome]:
    return {
        (each.programme.id, place): condition.outcome
        for each in check_eligibility(catalogue, profile, TODAY).results
        for place, condition in enumerate(each.conditions)
    }


# --- a programme as a whole ---------------------------------------------------------------------


def test_a_programme_may_fit_only_where_all_its_conditions_are_met() -> None:
    assert result(FITTING, "research-grant").verdict is Verdict.MAY_FIT
    assert result(FITTING, "small-loan").verdict is Verdict.MAY_FIT
    without = Profile(region="青禾区", qualifications=("高企",))
    assert result(without, "research-grant").verdict is Verdict.CANNOT_TELL
    assert result(without, "research-grant").next_step is NextStep.TELL_MORE


def test_the_best_verdict_promises_nothing() -> None:
    assert "可能" in Verdict.MAY_FIT and "受理部门审核" in Verdict.MAY_FIT


def test_one_condition_not_met_is_enough() -> None:
    unfitting = Profile(region="白沙区", qualifications=("高企",))
    assert result(unfitting, "research-grant").verdict is Verdict.DOES_NOT_FIT
    assert result(unfitting, "research-grant").next_step is NextStep.NOT_FITTING


def test_a_plan_is_never_told_as_a_programme() -> None:
    planned = result(Profile(qualifications=("科小",)), "planned-fund")
    assert planned.conditions[-1].outcome is Outcome.MET
    assert planned.verdict is Verdict.NOT_OPEN and planned.next_step is NextStep.WAIT
    text = markdown(report(DISTRICT, check_eligibility(DISTRICT, FITTING, TODAY), str))
    entry = text[text.index("示例产业基金") :]
    assert "可能符合" not in entry.split("###")[0] and "计划中" in entry.splitlines()[0]


def test_a_place_is_required_only_by_a_document_that_says_so() -> None:
    elsewhere = result(Profile(region="苏州", size="小微企业"), "small-loan")
    assert elsewhere.conditions[0].outcome is Outcome.NOT_STATED
    assert Outcome.NOT_MET not in {each.outcome for each in elsewhere.conditions}


def test_a_condition_left_to_the_office_is_not_called_unstated() -> None:
    other = result(Profile(), "medicine").conditions[-1]
    assert other.outcome is Outcome.CANNOT_TELL and other.why is Reason.BY_OFFICE


def test_a_need_leaves_only_what_serves_it() -> None:
    found = check_eligibility(DISTRICT, Profile(need="公司缺钱、租房"), TODAY).results
    assert {each.programme.id for each in found} == {"research-grant", "small-loan", "planned-fund", "start-up-rent"}
    assert check_eligibility(DISTRICT, Profile(need="养猫"), TODAY).results == ()


def test_what_contradicts_itself_is_said_to() -> None:
    contradicting = result(Profile(size="小微企业，大型企业"), "small-loan").conditions[1]
    assert contradicting.outcome is Outcome.CANNOT_TELL and contradicting.why is Reason.CONTRADICTS


def test_the_day_decides_on_the_age_of_a_firm() -> None:
    young = Profile(about="2026年1月成立")
    on = {day: check_eligibility(DISTRICT, young, day).results for day in (date(2026, 6, 1), date(2027, 6, 1))}
    ages = [next(r for r in found if r.programme.id == "small-loan").conditions[-1].outcome for found in on.values()]
    assert ages == [Outcome.NOT_MET, Outcome.MET]


# --- whatever is typed --------------------------------------------------------------------------

TOLD = sorted({case.profile for case in read_cases()}, key=str)
BOTH = pytest.mark.parametrize("catalogue", [DISTRICT, PUTUO], ids=["district", "putuo"])
#: Letters and signs that make no word of the vocabulary, no figure and no place.
UNKNOWN = st.text(alphabet="哔啵喵嗷呜zqxΩ☃ﷺ~^%&<>'\"\\\t", min_size=1, max_size=40)


def joined(one: Profile, other: Profile) -> Profile:
    def both(entry: str) -> str:
        return "；".join(filter(None, (one.typed(entry), other.typed(entry))))

    qualifications = (*one.qualifications, *other.qualifications)
    return Profile(both("region"), both("industry"), both("size"), qualifications, "", both("about"))


@BOTH
@settings(max_examples=60, deadline=None)
@given(unknown=UNKNOWN, told=st.sampled_from(TOLD))
def test_an_unknown_word_changes_no_outcome(catalogue: Catalogue, unknown: str, told: Profile) -> None:
    alone = outcomes(Profile(unknown, unknown, unknown, (unknown,), "", unknown), catalogue)
    assert not {Outcome.NOT_MET, Outcome.MET} & set(alone.values())
    strange = Profile(unknown, unknown, unknown, (unknown,), "", unknown)
    before, after = outcomes(told, catalogue), outcomes(joined(told, strange), catalogue)
    for place, outcome in before.items():
        if outcome in (Outcome.MET, Outcome.NOT_MET):
            assert after[place] is outcome


@BOTH
@settings(max_examples=80, deadline=None)
@given(one=st.sampled_from(TOLD), other=st.sampled_from(TOLD))
def test_more_told_decides_more_and_only_a_contradiction_decides_less(
    catalogue: Catalogue, one: Profile, other: Profile
) -> None:
    before = outcomes(one, catalogue)
    together = check_eligibility(catalogue, joined(one, other), TODAY).results
    reasons = {(r.programme.id, place): c.why for r in together for place, c in enumerate(r.conditions)}
    after = outcomes(joined(one, other), catalogue)
    for place, outcome in before.items():
        if outcome is Outcome.MET and after[place] is not outcome:
            assert reasons[place] in (Reason.CONTRADICTS, Reason.ONLY_OFFICE)
        if outcome is Outcome.NOT_MET:
            assert after[place] is not Outcome.MET


@BOTH
@settings(max_examples=60, deadline=None)
@given(one=st.sampled_from(TOLD), other=st.sampled_from(TOLD), third=st.sampled_from(TOLD))
def test_the_order_of_what_is_told_does_not_matter(
    catalogue: Catalogue, one: Profile, other: Profile, third: Profile
) -> None:
    forwards = outcomes(joined(joined(one, other), third), catalogue)
    assert forwards == outcomes(joined(third, joined(other, one)), catalogue)


@BOTH
@settings(max_examples=40, deadline=None)
@given(one=st.sampled_from(TOLD), other=st.sampled_from(TOLD))
def test_a_programme_says_one_thing_wherever_it_is_read(catalogue: Catalogue, one: Profile, other: Profile) -> None:
    checkup = check_eligibility(catalogue, joined(one, other), TODAY)
    told = report(catalogue, checkup, str)
    entries = {entry.name: (step, entry) for step, group in told.groups for entry in group}
    assert len(entries) == len(checkup.results)
    for each in checkup.results:
        step, entry = entries[each.programme.name]
        assert (step, entry.verdict) == (each.next_step, each.verdict)
        assert [line.outcome for line in entry.conditions] == [condition.outcome for condition in each.conditions]
        found = {condition.outcome for condition in each.conditions}
        assert (each.verdict is Verdict.MAY_FIT) <= (Outcome.NOT_MET not in found and Outcome.MET in found)


@pytest.mark.slow
def test_a_long_entry_is_read_in_time_that_grows_with_its_length() -> None:
    for unit in ("高企", "十", "不是", "一二三", " 、", "青禾区外", "(" * 3):
        check_eligibility(
            DISTRICT, Profile(unit * 5_000, unit * 5_000, unit * 5_000, (unit * 5_000,), "", unit * 5_000), TODAY
        )


# --- choices and report -------------------------------------------------------------------------


def test_choices_are_what_conditions_ask_for_with_their_number() -> None:
    found = choices(DISTRICT)
    assert {(each.value, each.programmes) for each in found.qualifications} == {
        ("高新技术企业", 1),
        ("专精特新中小企业", 1),
        ("科技型中小企业", 1),
    }
    assert [(each.value, each.programmes) for each in found.regions][:2] == [("示例市青禾区", 2), ("清河街道", 2)]
    assert dict((each.value, each.programmes) for each in found.regions)["青禾科创园"] == 3
    assert {each.value for each in found.measures} == {"营业收入", "研发投入占比", "职工人数", "成立时间", "博士"}


@BOTH
def test_every_choice_is_understood(catalogue: Catalogue) -> None:
    found = choices(catalogue)
    for entry, offered in (("region", found.regions), ("size", found.sizes), ("qualifications", found.qualifications)):
        for choice in offered:
            profile = Profile(**{entry: (choice.value,) if entry == "qualifications" else choice.value})
            (told,) = understood(check_eligibility(catalogue, profile, TODAY).firm)
            assert told.meanings and not told.unclear, choice
            assert Outcome.MET in outcomes(profile, catalogue).values() or choice.programmes == 0, choice


def test_the_report_tells_inputs_sources_and_what_to_ask() -> None:
    text = markdown(report(DISTRICT, check_eligibility(DISTRICT, FITTING, TODAY), lambda each: f"题《{each}》"))
    assert "2026-11-01" in text and "三十来人的小公司" in text and "职工人数27至33人" in text
    assert "——“须为高新技术企业”（题《measures.txt》）" in text
    assert "要交哪些材料" in text and "怎样申请" in text


def test_a_phone_is_given_with_its_purpose() -> None:
    text = markdown(report(PUTUO, check_eligibility(PUTUO, Profile(need="研发"), TODAY), str))
    lines = [line for line in text.splitlines() if "52564588-3335" in line]
    assert lines and all("用途：本答复" in line for line in lines)


def test_an_empty_catalogue_is_said_to_be_empty() -> None:
    nothing = check_eligibility(Catalogue(), FITTING, TODAY)
    assert EMPTY_CATALOGUE in markdown(report(Catalogue(), nothing, str))
    none = check_eligibility(DISTRICT, Profile(need="养猫"), TODAY)
    assert NOTHING in markdown(report(DISTRICT, none, str))


def test_what_is_not_certain_is_shown_back() -> None:
    (told,) = understood(check_eligibility(DISTRICT, Profile(qualifications=("高企", "正在申请专精特新")), TODAY).firm)
    assert told.meanings == ("高新技术企业",) and told.unclear == ("正在申请专精特新",)


def test_a_name_stands_for_one_term() -> None:
    words = [tidy(word) for term in known_terms() for word in (term.name, *term.aliases)]
    assert len(words) == len(set(words))
    assert all(term.source for term in known_terms() if term.also or term.excludes if term.name != "子公司")


def test_a_source_in_our_own_words_is_not_told_as_the_original() -> None:
    retold = Document("a.md", "甲", "", DocumentMetadata("报道要点", text_kind=TextKind.OWN_WORDS))
    original = Document("b.md", "乙", "", DocumentMetadata("办法"))
    assert source_name(retold) == "报道要点（据网页整理，非原文）" and source_name(original) == "办法"
