"""How many children's results a Map Run reads at once."""

from emulator.services.stepfunctions.work.map_results import AT_ONCE, LARGE, Pages


def test_more_results_are_read_at_once_while_they_are_small() -> None:
    pages, found = Pages(), []

    for size in (100, 100, 100, 100, 100, LARGE + 1, LARGE + 1, LARGE, *[LARGE + 1] * 4):
        found.append(pages.at_once)
        pages.pace(size)

    assert found == [1, 2, 4, 8, 16, AT_ONCE, 12, 6, 12, 6, 3, 1]
    assert pages.at_once == 1
