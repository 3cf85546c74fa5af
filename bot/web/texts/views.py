"""What the words of the views beside the conversation are; ``views_chinese`` and ``views_english`` say them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue import eligibility
from bot.introductions.records import Form, Stage
from bot.market.consents import ConsentChannel, ConsentScope, ConsentStanding
from bot.market.quality import Criterion
from bot.market.records import Confidentiality, State
from bot.market.redaction import FindingKind
from bot.types import GateName, NextStep, RecordKind, Standing
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class ViewTexts:
    """The words of the views in one language; ``{}`` marks what is filled in.

    ``field_labels`` are labels of record fields by name; a field that is not listed keeps its own.
    """

    language: Language
    colon: str
    view_chat: str
    view_market: str
    view_publish: str
    view_mine: str
    view_introduce: str
    navigation: str
    market_heading: str
    market_hint: str
    find_label: str
    find_placeholder: str
    looking_for: str
    both_kinds: str
    find: str
    found: str
    nothing_fits: str
    nearest: str
    widened: str
    widen: str
    register: str
    hand_over: str
    historic: str
    newest: str
    no_records: str
    details: str
    close_details: str
    find_matches: str
    interested: str
    introduce: str
    level: str
    level_hint: str
    why: str
    level_meanings: dict[int, str]
    level_because: str
    level_words: str
    level_no_words: str
    level_nearness: dict[int, str]
    level_stands_out: str
    level_figures: str
    level_lowered: str
    list_mark: str
    why_words: str
    why_field: str
    no_reason: str
    gates: str
    gate_passed: str
    gate_failed: str
    gate_unknown: str
    figures_heading: str
    figures_unstated: str
    fellow: str
    fellow_needs: str
    fellow_offers: str
    fellows_hint: str
    need_side: str
    offer_side: str
    your_words: str
    next_step: str
    as_of: str
    region: str
    owner: str
    owner_withheld: str
    owner_unknown: str
    sample: str
    not_open: str
    publish_heading: str
    publish_hint: str
    told_label: str
    told_placeholder: str
    fill_in: str
    filled_in: str
    left_out: str
    required: str
    optional_fields: str
    unit: str
    unit_hint: str
    private_heading: str
    private_hint: str
    contact_name: str
    contact_phone: str
    contact_email: str
    check: str
    template: str
    template_hint: str
    not_saved: str
    would_be_published: str
    would_be_held: str
    would_wait: str
    published: str
    held: str
    waiting: str
    sent_back: str
    total: str
    improve: str
    receipt: str
    receipt_hint: str
    sent_again: str
    copy: str
    another: str
    list_pairs: str
    draft_heading: str
    draft_missing: str
    start_registration: str
    review_and_submit: str
    meeting_places: str
    matches: str
    mine_heading: str
    mine_hint: str
    receipt_label: str
    open_record: str
    change: str
    save_changes: str
    saved: str
    withdraw: str
    withdraw_sure: str
    withdrawn: str
    pairs: str
    no_pairs: str
    none_yet: str
    their_wish: str
    their_question: str
    you: str
    other_side: str
    consent_until: str
    consent_recorded: str
    asked_by: str
    comma: str
    next_answer: str
    next_wait: str
    next_joint: str
    next_again: str
    next_closed: str
    scope_contact: str
    give_consent: str
    refuse: str
    take_back: str
    take_back_sure: str
    preview_step: str
    preview_heading: str
    preview_hint: str
    preview_hint_waiting: str
    preview_left_out: str
    preview_nothing_left_out: str
    preview_reason: str
    preview_private: str
    preview_no_contact: str
    preview_confirm: str
    preview_confirm_waiting: str
    preview_keep: str
    preview_back: str
    joint_letter: str
    consent_kept: str
    history: str
    changed: str
    noted: str
    by_owner: str
    by_office: str
    ask_documents: str
    partner_question: str
    bulk: str
    bulk_hint: str
    bulk_file: str
    bulk_submit: str
    bulk_check: str
    bulk_done: str
    bulk_checked: str
    bulk_receipts: str
    bulk_aside: str
    receipts_file: str
    row: str
    file_too_large: str
    nothing_near: str
    complete: str
    view_eligibility: str
    eligibility_heading: str
    eligibility_hint: str
    eligibility_need: str
    eligibility_need_hint: str
    eligibility_region: str
    eligibility_region_hint: str
    eligibility_industry: str
    eligibility_industry_hint: str
    eligibility_size: str
    eligibility_size_hint: str
    eligibility_qualifications: str
    eligibility_qualifications_hint: str
    eligibility_about: str
    eligibility_about_hint: str
    eligibility_asked: str
    eligibility_counts: str
    eligibility_measures: str
    eligibility_empty: str
    eligibility_understood: str
    eligibility_unclear: str
    eligibility_next: str
    eligibility_bring: str
    eligibility_questions: str
    eligibility_whom: str
    eligibility_check: str
    eligibility_word: str
    eligibility_pdf: str
    eligibility_found: str
    eligibility_none: str
    eligibility_caveat: str
    eligibility_question: str
    eligibility_ask: str
    interest_heading: str
    interest_hint: str
    your_receipt: str
    cooperation_sought: str
    unclear: str
    who_you_are: str
    consent_too: str
    send_interest: str
    interest_kept: str
    hand_over_heading: str
    hand_over_hint: str
    hand_over_send: str
    handed_over: str
    introduce_heading: str
    introduce_hint: str
    need_id: str
    offer_id: str
    form: str
    stage: str
    receipt_for_joint: str
    receipt_needed: str
    draft_it: str
    blocked: str
    download_word: str
    facts: str
    withheld: str
    by_model: str
    draft_gone: str
    not_understood: str
    too_long: str
    unexpected: str
    kinds: dict[RecordKind, str]
    states: dict[State, str]
    standings: dict[Standing, str]
    gate_names: dict[GateName, str]
    steps: dict[NextStep, str]
    criteria: dict[Criterion, str]
    forms: dict[Form, str]
    stages: dict[Stage, str]
    confidentiality: dict[Confidentiality, str]
    consent_standings: dict[ConsentStanding, str]
    consent_channels: dict[ConsentChannel, str]
    consent_scopes: dict[ConsentScope, str]
    event_names: dict[str, str]
    finding_kinds: dict[FindingKind, str]
    eligibility_steps: dict[eligibility.NextStep, str]
    eligibility_outcomes: dict[eligibility.Outcome, str]
    eligibility_verdicts: dict[eligibility.Verdict, str]
    eligibility_reasons: dict[eligibility.Reason, str]
    field_labels: dict[str, str]
