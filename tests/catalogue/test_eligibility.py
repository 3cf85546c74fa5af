from bot.catalogue.eligibility import NextStep, Outcome, Profile, check_eligibility
from bot.catalogue.models import Catalogue

CATALOGUE = Catalogue.model_validate(
    {
        "scope": {"region": "青禾区"},
        "programmes": [
            {
                "id": "loan",
                "name": "科创贷款",
                "kind": "贷款贴息",
                "document": "a.txt",
                "status": {"value": "in_force"},
                "summary": {"value": "面向专精特新企业的贷款", "quote": "面向专精特新企业"},
                "conditions": [
                    {
                        "dimension": "qualification",
                        "value": "专精特新企业",
                        "quote": "面向专精特新企业",
                        "accepts": ["专精特新"],
                    }
                ],
                "needs": ["缺钱", "贷款"],
            },
            {
                "id": "team",
                "name": "技术团队",
                "kind": "平台对接",
                "document": "a.txt",
                "status": {"value": "planned"},
                "summary": {"value": "计划打造的团队", "quote": "计划打造"},
                "needs": ["找伙伴"],
            },
        ],
    }
)


def result(profile: Profile, programme: str):
    return next(r for r in check_eligibility(CATALOGUE, profile) if r.programme.id == programme)


def test_each_condition_is_met_not_met_or_not_told() -> None:
    met = result(Profile(region="青禾区", qualifications=("专精特新",)), "loan")
    assert {c.condition: c.outcome for c in met.conditions}["专精特新企业"] is Outcome.MET
    assert met.next_step is NextStep.ASK_BODY
    unmet = result(Profile(region="青禾区", qualifications=("普通企业",)), "loan")
    assert unmet.next_step is NextStep.NOT_FITTING
    untold = result(Profile(region="青禾区"), "loan")
    assert untold.next_step is NextStep.TELL_MORE


def test_a_firm_elsewhere_does_not_fit_and_one_inside_is_promised_nothing() -> None:
    outside = result(Profile(region="白沙区", qualifications=("专精特新",)), "loan")
    assert outside.next_step is NextStep.NOT_FITTING
    inside = result(Profile(region="青禾区", qualifications=("专精特新",)), "loan")
    assert inside.conditions[0].outcome is Outcome.NOT_STATED


def test_what_is_only_planned_waits() -> None:
    assert result(Profile(region="青禾区"), "team").next_step is NextStep.WAIT


def test_a_need_leaves_only_what_serves_it() -> None:
    found = check_eligibility(CATALOGUE, Profile(need="公司缺钱"))
    assert [r.programme.id for r in found] == ["loan"]
