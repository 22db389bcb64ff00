from store.dictionary.table import FILE, LISTED, Dictionary, Entry, Kind, dictionary, packed

POWER = (("power", "electricity"), ("electric",), Kind(0))
RISE = (("rise",), ("go", "come"), Kind.GODAN)
TESLA = (("tesla",), (), Kind.NAME)


def small() -> Dictionary:
    return Dictionary(
        packed(
            [POWER, RISE, TESLA],
            {"電力": [(0, True)], "上がる": [(1, True), (0, False)], "テスラ": [(2, False)]},
            {"power": ["電力"], "rise": ["上がる"], "tesla": ["テスラ"]},
        )
    )


def test_a_form_has_its_entries_in_order_each_with_whether_it_is_a_usual_form_of_it() -> None:
    assert small().entries("電力") == [Entry(("power", "electricity"), ("electric",), Kind(0), often=True)]
    assert small().entries("上がる") == [
        Entry(("rise",), ("go", "come"), Kind.GODAN, often=True),
        Entry(("power", "electricity"), ("electric",), Kind(0), often=False),
    ]


def test_an_english_term_has_its_forms() -> None:
    assert small().forms("rise") == ["上がる"]


def test_what_is_not_in_it_has_nothing() -> None:
    for form in ("", "電", "電力会社", "ん", "龘", "power", "\U0010ffff"):
        assert small().entries(form) == []
    assert small().forms("") == small().forms("zzz") == small().forms("powe") == []


def test_it_is_said_how_far_a_text_begins_as_some_form_does() -> None:
    known = small()
    reaches = [known.reach(text) for text in ("電力が", "電車", "上がった", "テス", "龘", "")]
    assert reaches == [2, 1, 2, 2, 0, 0]


def test_the_one_that_ships_knows_everyday_words_loan_words_and_names() -> None:
    known = dictionary()
    assert [entry.alone[0] for entry in known.entries("規制")] == ["regulation"]
    assert any("software" in entry.alone for entry in known.entries("ソフトウェア"))
    assert any("tesla" in entry.alone and entry.kind is Kind.NAME for entry in known.entries("テスラ"))
    assert "価格" in known.forms("price")
    assert "マイクロソフト" in known.forms("microsoft")
    assert max(len(known.forms(term)) for term in ("go", "take", "make")) == LISTED


def test_the_one_that_ships_takes_little_room() -> None:
    assert FILE.stat().st_size < 8_000_000
