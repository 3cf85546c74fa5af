"""Letters for pairs as an office meets them: nobody named too early, nothing cut in two, what an office adds."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import date

import pypdfium2
import pytest

from bot.introductions.drafting import draft_introduction
from bot.introductions.facts import sentences
from bot.introductions.files import to_docx, to_pdf
from bot.introductions.records import Form, Language, Stage
from bot.market.records import Side
from bot.market.service import Market
from bot.printing import layout
from bot.printing.blocks import BlockKind
from bot.settings import OfficeSettings, load_settings
from tests.introductions.pairs import PAIRS, put_on_file
from tests.support.consents import say
from tests.support.needed import needed

TODAY = date(2026, 3, 1)
OFFICE = OfficeSettings(
    name="示例技术转移中心",
    department="成果对接部",
    address="示例市示例路1号示例楼3层",
    phone="021-55550000",
    email="office@example.org",
    contact_person="王示例",
    number_prefix="某技转函",
    reply_days=10,
    seal="（盖章）",
)
ASKING = (Stage.ASK_NEED_OWNER, Stage.ASK_OFFER_OWNER)
DOUBLED = re.compile(r"[。；：，][。；，]")
by_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)


@pytest.fixture(scope="module")
def filed(tmp_path_factory):
    """Every pair on file, with both consents."""
    folder = tmp_path_factory.mktemp("pairs")
    market = Market(load_settings(environment={}, settings_file=folder / "none.toml", data_dir=folder / "data"))
    for pair in PAIRS:
        ids = put_on_file(market, pair)
        for side in Side:
            say(market.store, *ids, side)
    yield market
    market.store.database.close()


def letter(market, pair, form=Form.LETTER, stage=Stage.JOINT, office=OFFICE, language=Language.CHINESE):
    ids = f"{pair.id}-n", f"{pair.id}-o"
    drafted = draft_introduction(market, *ids, form, stage, today=TODAY, office=office, language=language)
    assert drafted.blocked is None and drafted.text
    return drafted


def texts_of(drafted, kind):
    return [block.text for block in drafted.blocks if block.kind is kind]


@by_pair
@pytest.mark.parametrize("language", list(Language))
def test_nobody_is_named_before_both_agreed(filed, pair, language):
    for form in Form:
        for stage in ASKING:
            told = repr(letter(filed, pair, form, stage, language=language))
            names = [name.removesuffix("*") for name in pair.owners if name]
            ways = [way for contact in pair.contacts for way in (contact.name, contact.phone, contact.email) if way]
            assert not [secret for secret in (*pair.secrets, *names, *ways) if secret in told]


@by_pair
def test_after_both_agreed_names_and_patents_stand_whole(filed, pair):
    text = letter(filed, pair).text
    assert "略〕" not in text
    assert not [told for told in pair.whole if told not in text]
    for contact in pair.contacts:
        assert all(way in text for way in (contact.name, contact.phone, contact.email))


@by_pair
def test_the_salutation_is_one_an_office_would_write(filed, pair):
    for stage in Stage:
        (salutation,) = texts_of(letter(filed, pair, stage=stage), BlockKind.SALUTATION)
        assert not re.search("自报|[{}]|先生|女士", salutation) and salutation.endswith("：") and len(salutation) > 3
        named = [name.removesuffix("*") for name in pair.owners if name]
        if stage is Stage.JOINT:
            assert all(name in salutation for name in named)
        else:
            assert salutation == "贵单位："


@by_pair
def test_what_the_office_set_stands_and_nothing_else_is_made_up(filed, pair):
    for stage in Stage:
        whole, bare = letter(filed, pair, stage=stage), letter(filed, pair, stage=stage, office=OfficeSettings())
        assert whole.blocks[0].kind is BlockKind.LETTERHEAD and whole.blocks[0].text == OFFICE.name
        assert texts_of(whole, BlockKind.NUMBER) == ["某技转函〔2026〕　　号"]
        assert "2026年3月11日前" in whole.text and "王示例（电话 021-55550000、邮箱 office@example.org）" in whole.text
        assert texts_of(whole, BlockKind.SIGNATURE) == ["示例技术转移中心 成果对接部", "（盖章）", "2026年3月1日"]
        assert OFFICE.address in whole.text
        assert not texts_of(bare, BlockKind.LETTERHEAD) and not texts_of(bare, BlockKind.NUMBER)
        assert not texts_of(bare, BlockKind.CONTACT) and "2026年3月11日" not in bare.text
        assert texts_of(bare, BlockKind.SIGNATURE) == ["技术经理人（签名）：", "2026年3月1日"]


@by_pair
@pytest.mark.parametrize("language", list(Language))
def test_messages_are_short(filed, pair, language):
    for stage in Stage:
        assert len(letter(filed, pair, Form.MESSAGE, stage, language=language).text) <= 200


@by_pair
def test_facts_are_whole_sentences_and_what_is_missing_is_said(filed, pair):
    for stage in ASKING:
        drafted = letter(filed, pair, stage=stage)
        record = filed.offer(f"{pair.id}-o") if stage is Stage.ASK_NEED_OWNER else filed.need(f"{pair.id}-n")
        pieces = sentences(filed.blind(record).description)
        told = next((fact.text for fact in drafted.facts if "问题」" in fact.source), "")
        short = [text for text in drafted.withheld if text.startswith("篇幅所限")]
        assert "……" not in drafted.text and not DOUBLED.search(drafted.text)
        whole = _flat("".join(pieces))
        if _flat(told) != whole and len(pieces) > 1:
            assert any(_flat(told) == _flat("".join(pieces[:n])) for n in range(len(pieces) + 1))
        if _flat(told) != whole:
            assert any("问题" in text for text in short) or "限于一页篇幅" in drafted.text or "page" in drafted.text


def _flat(text):
    """Without what joins sentences, which differs between languages."""
    return re.sub(r"[；\s]", "", text)


@by_pair
def test_every_figure_of_a_letter_has_a_source(filed, pair):
    for stage in Stage:
        drafted = letter(filed, pair, stage=stage)
        rest = drafted.text
        for fact in sorted(drafted.facts, key=lambda each: -len(each.text)):
            assert fact.source and fact.text in drafted.text
            rest = rest.replace(fact.text, "")
        rest = re.sub(r"等 \d+ 项未列|为节录", "", rest)
        assert not any(character.isdigit() and character.isascii() for character in rest), rest


@by_pair
@pytest.mark.parametrize("language", list(Language))
def test_letters_and_summaries_are_laid_out_on_one_page(filed, pair, language):
    for form in (Form.LETTER, Form.SUMMARY):
        for stage in Stage:
            drafted = letter(filed, pair, form, stage, language=language)
            assert layout.fits_a_page(drafted.blocks, latin=language is Language.ENGLISH)


@by_pair
@pytest.mark.parametrize("language", list(Language))
def test_our_pdf_is_one_page_with_every_word(filed, pair, language):
    drafted = letter(filed, pair, language=language)
    document = pypdfium2.PdfDocument(to_pdf(drafted))
    drawn = "".join(document[0].get_textpage().get_text_bounded().split())
    pages = len(document)
    document.close()
    assert pages == 1
    # Fonts tell some marks by another code of the same look; two characters no font here has.
    plain = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
    words = plain.sub("", "".join(block.text for block in drafted.blocks))
    assert plain.sub("", drawn).replace("〓", "") == re.sub("[㛃𬭎]", "", words)


@pytest.mark.slow
def test_word_files_are_one_page(filed, tmp_path):
    folder = tmp_path / "out"
    kinds = [*((stage, Language.CHINESE) for stage in Stage), (Stage.JOINT, Language.ENGLISH)]
    checked = 0
    # The long ones in every kind, the others in turn: each file costs LibreOffice a third of a second.
    for turn, (stage, language) in enumerate(kinds):
        for place, pair in enumerate(PAIRS):
            if place % len(kinds) == turn or "long" in pair.id:
                drafted = letter(filed, pair, stage=stage, language=language)
                (tmp_path / f"{pair.id}-{stage}-{language}.docx").write_bytes(to_docx(drafted))
                checked += 1
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    program = needed("soffice", "libreoffice-writer-nogui")
    command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", folder, *tmp_path.glob("*.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=500)
    pages = {}
    for path in folder.glob("*.pdf"):
        document = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
        pages[path.stem] = len(document)
        document.close()
    assert len(pages) == checked
    assert {name: count for name, count in pages.items() if count != 1} == {}


def test_conditions_say_what_fits_and_what_does_not(filed):
    plain, against = (next(pair for pair in PAIRS if pair.id == name) for name in ("plain", "gates_against"))
    assert "预算：意向价格“50万元”在预算内（“不超过60万元”）" in letter(filed, plain).text
    text = letter(filed, against, stage=Stage.ASK_NEED_OWNER).text
    assert "预算可能不符" in text and "成熟度可能不符" in text
    assert "Budget: may not fit" in letter(filed, against, stage=Stage.ASK_NEED_OWNER, language=Language.ENGLISH).text


def test_what_a_side_excludes_stays_with_the_desk(filed):
    pair = next(pair for pair in PAIRS if pair.id == "exclusions")
    for stage in Stage:
        assert "竞争对手" not in letter(filed, pair, stage=stage).text


def test_the_largest_size_that_fits_is_taken(filed):
    short, long = (next(pair for pair in PAIRS if pair.id == name) for name in ("titles_only", "long_both"))
    assert layout.step_that_fits(letter(filed, short, office=OfficeSettings()).blocks) == 0
    assert layout.step_that_fits(letter(filed, long).blocks) == len(layout.SIZES) - 1


def test_a_pdf_embeds_its_font(filed):
    content = to_pdf(letter(filed, PAIRS[0]))
    assert b"/FontFile2" in content and b"STSong" not in content
    assert len(content) < 200_000
