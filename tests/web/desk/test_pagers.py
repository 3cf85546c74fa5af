"""A list over several pages: which part is shown, and the ways to the others."""

import re

import pytest

from bot.web.desk.frame import leaf, pager


@pytest.mark.parametrize(
    ("items", "asked", "part", "shown", "pages"),
    [
        (0, 1, [], 1, 1),
        (10, 1, list(range(10)), 1, 1),
        (11, 2, [10], 2, 2),
        (25, 2, list(range(10, 20)), 2, 3),
        (25, 99, [20, 21, 22, 23, 24], 3, 3),
        (25, -4, list(range(10)), 1, 3),
    ],
)
def test_a_page_holds_its_part_and_stays_within_bounds(items, asked, part, shown, pages):
    assert leaf(list(range(items)), asked, 10) == (part, shown, pages)


@pytest.mark.parametrize(
    ("shown", "pages", "links"),
    [(1, 1, []), (1, 2, [2, 2]), (2, 3, [1, 1, 3, 3]), (3, 3, [1, 2]), (5, 9, [1, 4, 6, 9])],
)
def test_the_pages_beside_it_are_a_link_away(shown, pages, links):
    html = pager(shown, pages, lambda number: f"/x?number={number}&a=1")
    assert [int(each) for each in re.findall(r"number=(\d+)&amp;a=1", html)] == links
    assert (f"第 {shown} 页，共 {pages} 页" in html) is bool(links)
