"""The bundled tables: every row sound, and nothing of the project brief missing."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from listed.errors import InputError
from listed.graph.model import Entity, Link, Listing, Source, Statement
from listed.graph.period import Containment, parse_date
from listed.graph.share import PERCENT, WHOLE, Basis, percent
from listed.graph.vocabulary import LISTS, SCHEMATA, LinkType, NameKind
from listed.loaders import bundled
from listed.loaders.bundled import LOADER, SCHEMES, TOPICS, read_tables

ITEMS = list(LOADER.read([]))
SOURCES = {item.id: item for item in ITEMS if isinstance(item, Source)}
STATEMENTS = [item for item in ITEMS if isinstance(item, Statement)]
ENTITIES = {s.about.id: s.about for s in STATEMENTS if isinstance(s.about, Entity)}
LINKS = {s.record.removeprefix("links.csv "): s.about for s in STATEMENTS if isinstance(s.about, Link)}
LISTINGS = [s.about for s in STATEMENTS if isinstance(s.about, Listing)]

BRIEF = "seed"
FOLDER = Path(bundled.__file__).parent
OWNS, CONTROLS, INVESTED_IN = LinkType.OWNS, LinkType.CONTROLS, LinkType.INVESTED_IN


def links(source: str, target: str, type_: LinkType) -> list[Link]:
    return [x for x in LINKS.values() if (x.source, x.target, x.type) == (source, target, type_)]


def share(source: str, target: str, day: str, type_: LinkType = OWNS) -> set[str]:
    """What a pair's rows say of a day, certainly."""
    on = date.fromisoformat(day)
    rows = links(source, target, type_)
    return {str(x.share) for x in rows if x.period.contains(on) is Containment.CERTAINLY}


# Every row


def test_every_row_is_read() -> None:
    def rows(file: str) -> int:
        return len((FOLDER / file).read_text(encoding="utf-8").splitlines()) - 1

    tables = ("sources.csv", "entities.csv", "links.csv", "listings.csv")
    assert [len(SOURCES), len(ENTITIES), len(LINKS), len(LISTINGS)] == [rows(file) for file in tables]


def test_sources_come_before_what_cites_them() -> None:
    kinds = [isinstance(item, Source) for item in ITEMS]
    assert kinds == sorted(kinds, reverse=True)


def test_every_statement_is_sourced_and_says_where_it_stands() -> None:
    for statement in STATEMENTS:
        assert statement.sources, statement
        assert set(statement.sources) <= SOURCES.keys(), statement
        assert re.fullmatch(r"(entities|links|listings)\.csv \S.*", statement.record)


def test_every_source_is_cited_and_can_be_looked_up() -> None:
    assert {id_ for s in STATEMENTS for id_ in s.sources} == SOURCES.keys()
    for source in SOURCES.values():
        assert source.title
        assert source.publisher
        assert source.id == BRIEF or source.url.startswith("http"), source
        assert not parse_date(source.published).flag
    assert SOURCES[BRIEF].title == "Project brief: how the US isolates companies and governments"


def test_ends_resolve_and_words_are_of_the_vocabulary() -> None:
    for entity in ENTITIES.values():
        assert entity.schema in SCHEMATA
        assert set(entity.topics) <= TOPICS
        assert {identifier.scheme for identifier in entity.identifiers} <= SCHEMES
        assert all(re.fullmatch("[a-z]{2}", country) for country in entity.countries)
    for link in LINKS.values():
        assert {link.source, link.target} <= ENTITIES.keys()
        assert link.source != link.target
        assert link.note.endswith(".")
    for listing in LISTINGS:
        assert listing.entity in ENTITIES
        assert listing.list in LISTS


def test_dates_and_shares_are_read_without_doubt() -> None:
    for link in LINKS.values():
        assert not link.period.start.flag
        assert not link.period.end.flag
        assert link.share.flag in ("", "approximate")
        assert (link.type in (OWNS, CONTROLS)) or not link.share.text
    flagged = {link.share.text for link in LINKS.values() if link.share.flag}
    assert flagged == {"about 21%", "about 8%", "about 70%", "about 45%"}


def test_an_identifier_belongs_to_one_entity() -> None:
    every = [identifier for entity in ENTITIES.values() for identifier in entity.identifiers]
    assert len(every) == len(set(every))


def test_a_name_belongs_to_one_entity() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in ENTITIES.values():
        for name in entity.names:
            owners[" ".join(name.text.casefold().split())].add(entity.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_no_entity_repeats_a_name() -> None:
    for entity in ENTITIES.values():
        texts = [name.text.casefold() for name in entity.names]
        assert len(texts) == len(set(texts)), entity.id
        assert [name.kind for name in entity.names].count(NameKind.PRIMARY) == 1


def test_no_two_links_are_the_same() -> None:
    # The share is in the key for disagreements: Gong's founding stake is told as 49 and as 13.4%.
    keys = [(x.source, x.target, x.type, x.period, x.role, x.share) for x in LINKS.values()]
    assert len(keys) == len(set(keys))
    listed = [(x.entity, x.list, x.period) for x in LISTINGS]
    assert len(listed) == len(set(listed))


def test_no_stake_of_one_owner_overlaps_another_unless_disputed() -> None:
    stakes: dict[tuple[str, str, LinkType], list[Link]] = defaultdict(list)
    for link in LINKS.values():
        if link.share.known and link.confidence != "disputed":
            stakes[link.source, link.target, link.type].append(link)
    days = {x.period.start.latest for rows in stakes.values() for x in rows if x.period.start.latest}
    for pair, rows in stakes.items():
        for day in days:
            held = {x.share for x in rows if x.period.contains(day) is Containment.CERTAINLY}
            assert len(held) <= 1, (pair, day)


def test_stakes_in_an_asset_never_add_up_to_more_than_the_whole() -> None:
    rows = [x for x in LINKS.values() if x.type is OWNS and x.share.low and x.confidence != "disputed"]
    for day in {x.period.start.latest for x in rows if x.period.start.latest}:
        total: dict[str, int] = defaultdict(int)
        for link in rows:
            if link.period.contains(day) is Containment.CERTAINLY and link.direct is not False:
                total[link.target] += link.share.low or 0
        assert max(total.values()) <= WHOLE, (day, max(total, key=lambda asset: total[asset]))


def test_a_listing_starts_on_the_day_of_its_citation() -> None:
    for listing in LISTINGS:
        if cited := re.search(r"\d+/\d+/\d+", listing.citation):
            assert parse_date(cited[0]).earliest == listing.period.start.earliest, listing


def test_who_is_blocked_says_so_in_its_topics() -> None:
    blocked = {x.entity for x in LISTINGS if x.list == "US-OFAC-SDN"}
    assert {e.id for e in ENTITIES.values() if "sanction" in e.topics} == blocked


def test_who_needs_a_licence_says_so_in_its_topics() -> None:
    listed = {x.entity for x in LISTINGS if x.list in ("US-BIS-EL", "US-BIS-MEU")}
    assert {e.id for e in ENTITIES.values() if "export.control" in e.topics} == listed
    assert all(x.licence_requirement for x in LISTINGS if x.list == "US-BIS-EL")


def test_customers_buy_from_suppliers_and_not_the_other_way() -> None:
    buyers = {x.source for x in LINKS.values() if x.type is LinkType.CUSTOMER_OF}
    assert {"cn-police", "xinjiang-police", "cn-local-govs", "amazon"} <= buyers
    assert not buyers & {"sensetime-group", "hikvision", "sensenets", "iflytek", "dahua", "dji"}


def test_hubs_are_the_three_that_touch_everyone() -> None:
    hubs = {e.id for e in ENTITIES.values() if ("hub", "yes") in e.properties}
    assert hubs == {"cn-government", "cn-sasac", "cn-miit"}


def test_unnamed_parties_are_placeholders() -> None:
    assert {e.id for e in ENTITIES.values() if e.placeholder} == {
        "cn-police", "xinjiang-police", "cn-local-govs", "us-lp-pool", "dji-state-investors",
    }  # fmt: skip


def test_nothing_a_reader_sees_speaks_of_our_own_making() -> None:
    shown = [text for e in ENTITIES.values() for text in (e.name, e.note)]
    shown += [text for x in LINKS.values() for text in (x.note, x.role, x.share.text)]
    shown += [text for s in SOURCES.values() for text in (s.title, s.publisher)]
    for text in shown:
        assert not re.search(r"\b(seed|excerpt|parsed|stored page|visible text)\b|\.txt|/\w+/", text), text


# What the brief is about


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SenseTime", "sensetime-group"), ("商汤科技", "sensetime-group"), ("Alibaba", "alibaba-group"),
        ("Ant Group", "ant-group"), ("Huawei", "huawei-technologies"), ("Hikvision", "hikvision"),
        ("Megvii", "megvii"), ("iFlytek", "iflytek"), ("Qualcomm", "qualcomm"),
        ("SoftBank", "softbank-group"), ("MIT", "mit"), ("Nvidia", "nvidia"), ("Intel", "intel"),
        ("SASAC", "cn-sasac"), ("MIIT", "cn-miit"), ("PLA", "cn-pla"),
        ("SASTIND", "cn-sastind"), ("Sugon", "sugon"), ("Beihang University", "buaa"),
        ("Sichuan University", "sichuan-university"), ("Tencent", "tencent"), ("Baidu", "baidu"),
        ("DJI", "dji"),
        ("Dahua", "dahua"), ("SMIC", "smic"), ("YMTC", "ymtc"), ("Sesame Credit", "sesame-credit"),
        ("Baihang", "baihang"), ("PBOC", "cn-pboc"), ("CETC", "cetc"), ("Leon Technology", "leon-technology"),
        ("Xinjiang", "xinjiang"), ("NUDT", "nudt"), ("ByteDance", "bytedance"),
        ("Nuctech", "tongfang-nuctech-technology"),
    ],
)  # fmt: skip
def test_the_short_name_a_reporter_types_means_one_entity(typed: str, meant: str) -> None:
    found = [e.id for e in ENTITIES.values() for n in e.names if n.text.casefold() == typed.casefold()]
    assert found == [meant]


@pytest.mark.parametrize(
    ("source", "target", "type_"),
    [
        ("tang-xiaoou", "sensetime-group", LinkType.FOUNDED),
        ("xu-li", "sensetime-group", LinkType.FOUNDED),
        ("alibaba-group", "sensetime-group", INVESTED_IN),
        ("qualcomm", "sensetime-group", INVESTED_IN),
        ("qualcomm", "sensetime-group", LinkType.PARTNERS_WITH),
        ("softbank-group", "sensetime-group", INVESTED_IN),
        ("softbank-vf", "sensetime-group", OWNS),
        ("mit", "sensetime-group", LinkType.PARTNERS_WITH),
        ("nvidia", "sensetime-group", LinkType.PARTNERS_WITH),
        ("cn-police", "sensetime-group", LinkType.CUSTOMER_OF),
        ("sensetime-group", "cn-sasac", LinkType.AFFILIATED_WITH),
        ("sensetime-group", "cn-miit", LinkType.AFFILIATED_WITH),
        ("cn-sasac", "hikvision", OWNS),
        ("cethik", "hikvision", OWNS),
        ("hikvision", "cn-pla", LinkType.AFFILIATED_WITH),
        ("ant-group", "megvii", OWNS),
        ("china-mobile-ltd", "iflytek", OWNS),
        ("huawei-union", "huawei-holding", OWNS),
        ("huawei-holding", "huawei-technologies", OWNS),
        ("zhongke-suanyuan", "sugon", OWNS),
        ("sugon", "cn-pla", LinkType.AFFILIATED_WITH),
        ("nudt", "nscc-guangzhou", LinkType.SUPPLIES),
        ("cn-miit", "buaa", CONTROLS),
        ("inspur-group", "cn-sastind", LinkType.AFFILIATED_WITH),
        ("cn-spc", "spc-debtors-list", CONTROLS),
        ("cn-pboc", "social-credit-system", LinkType.REGULATES),
        ("shandong", "social-credit-system", LinkType.PILOTS),
        ("xinjiang", "social-credit-system", LinkType.PILOTS),
        ("rongcheng", "social-credit-system", LinkType.PILOTS),
    ],
)
def test_the_brief_is_covered(source: str, target: str, type_: LinkType) -> None:
    assert links(source, target, type_)


def test_sensetime_was_founded_in_2014_and_known_for_deepid() -> None:
    sensetime = ENTITIES["sensetime-group"]
    assert ("incorporationDate", "2014-10") in sensetime.properties
    assert "DeepID" in sensetime.note


def test_the_xinjiang_venture_was_half_sensetimes_until_early_2019() -> None:
    assert share("sensetime-group", "xinjiang-jv", "2018-12-01") == {"51%"}
    assert share("sensetime-group", "xinjiang-jv", "2019-02-15") == set()
    assert share("sensetime-group", "xinjiang-jv", "2020-01-01") == {"0%"}
    assert not links("leon-technology", "xinjiang-jv", OWNS)


def test_the_largest_outside_holders_at_filing() -> None:
    stakes = [x for x in LINKS.values() if x.target == "sensetime-group" and x.type is OWNS]
    held = {x.source: str(x.share) for x in stakes if str(x.period.start) == "2021-08-28"}
    outside = ("softbank-vf", "alibaba-taobao-china", "primavera", "silver-lake", "idg-capital")
    assert [held[id_] for id_ in outside] == ["14.88%", "7.59%", "3.08%", "3.05%", "1.42%"]


def test_the_five_national_champions() -> None:
    named = {x.source: str(x.period.start) for x in LINKS.values() if x.role == "national AI champion"}
    first = {id_ for id_, since in named.items() if since < "2019"}
    assert first == {"baidu", "alibaba-group", "tencent", "iflytek", "sensetime-group"}
    assert {x.type for x in LINKS.values() if x.role == "national AI champion"} == {LinkType.DESIGNATED_BY}


def test_the_eight_credit_pilots_and_the_owners_of_baihang() -> None:
    pilots = {x.target for x in LINKS.values() if x.type is LinkType.PILOTS and x.source == "cn-pboc"}
    assert len(pilots) == 8
    owners = {x.source: x.share.low or 0 for x in LINKS.values() if x.target == "baihang" and x.type is OWNS}
    assert owners.keys() == pilots | {"nifa"}
    assert sum(owners.values()) == WHOLE
    owned = {x.target for x in LINKS.values() if x.type is OWNS}
    assert pilots <= owned, "each pilot has an owner"


@pytest.mark.parametrize(
    ("entity", "list_", "since", "citation"),
    [
        ("sensetime-beijing", "US-BIS-EL", "2019-10-09", "84 FR 54004"),
        ("sensetime-group", "US-OFAC-NS-CMIC", "2021-12-10", "E.O. 13959"),
        ("sensetime-group", "US-DOW-1260H", "2026-06-10", "91 FR 35189"),
        ("hikvision", "US-BIS-EL", "2019-10-09", "84 FR 54004"),
        ("megvii", "US-BIS-EL", "2019-10-09", "84 FR 54004"),
        ("iflytek", "US-BIS-EL", "2019-10-09", "84 FR 54004"),
        ("huawei-technologies", "US-BIS-EL", "2019-05-21", "84 FR 22963"),
        ("sugon", "US-BIS-EL", "2019-06-24", "84 FR 29373"),
        ("nscc-guangzhou", "US-BIS-EL", "2015-02-18", "80 FR 8527"),
        ("sichuan-university", "US-BIS-EL", "2012-09-19", "77 FR 58006"),
        ("buaa", "US-BIS-EL", "2001-05-14", "66 FR 24266"),
        ("leon-technology", "US-BIS-EL", "2021-07-12", "86 FR 36499"),
        ("smic-holdings", "US-BIS-EL", "2020-12-22", "85 FR 83420"),
        ("smic-semiconductor-manufacturing-shanghai-smic-s", "US-BIS-EL", "2020-12-22", "85 FR 83420"),
        ("ustc", "US-BIS-EL", "2024-05-14", "89 FR 41888"),
        ("cgn", "US-BIS-EL", "2019-08-14", "84 FR 40241"),
        ("aerosun", "US-BIS-EL", "2021-12-17", "86 FR 71559"),
        ("jouav", "US-BIS-EL", "2024-05-14", "89 FR 41888"),
        ("autel-robotics", "US-BIS-EL", "2024-06-18", "89 FR 51652"),
        ("proven-glory", "US-BIS-EL", "2019-05-21", "84 FR 22963"),
        ("proven-honour", "US-BIS-EL", "2019-05-21", "84 FR 22963"),
        ("cssc", "US-OFAC-NS-CMIC", "2021-06-03", "E.O. 13959"),
        ("china-unicom", "US-OFAC-NS-CMIC", "2021-06-03", "E.O. 13959"),
        ("chen-quanguo", "US-OFAC-SDN", "", ""),
    ],
)
def test_who_is_on_which_list_since_when(entity: str, list_: str, since: str, citation: str) -> None:
    (found,) = [x for x in LISTINGS if (x.entity, x.list) == (entity, list_)]
    assert str(found.period.start) == since
    assert found.citation.startswith(citation)


def test_a_subsidiary_that_a_notice_names_with_its_parent_is_listed_with_it() -> None:
    named = [link for link in LINKS.values() if link.role == "named subsidiary"]
    lists = {x.entity for x in LISTINGS if x.list == "US-DOW-1260H"}
    assert len(named) == 49
    assert {id_ for link in named for id_ in (link.source, link.target)} <= lists


def test_a_venture_of_listed_smic_holdings_is_on_no_list_itself() -> None:
    (stake,) = links("smic-holdings", "smic-jv-beijing", OWNS)
    assert str(stake.share) == "51%"
    assert {x.list for x in LISTINGS if x.entity == "smic-holdings"} == {"US-BIS-EL", "US-DOW-1260H"}
    assert not [x for x in LISTINGS if x.entity == "smic-jv-beijing"]


def test_what_inspur_bought_in_2009_is_told_as_of_2009() -> None:
    (bought,) = links("inspur-group", "qimonda-xian", OWNS)
    assert "2009" in bought.role
    assert "2009" in bought.note
    assert "2009" in ENTITIES["qimonda-xian"].note


def test_the_entity_list_names_beijing_sensetime_and_not_the_group() -> None:
    assert {x.list for x in LISTINGS if x.entity == "sensetime-group"} == {"US-OFAC-NS-CMIC", "US-DOW-1260H"}


def test_sdn_listings_name_their_programme() -> None:
    assert {x.programs for x in LISTINGS if x.list == "US-OFAC-SDN"} == {("GLOMAG",)}


# Shares as the sources put them


def test_votes_and_consolidation_are_not_shares() -> None:
    assert {x.basis for x in links("jack-ma", "ant-group", CONTROLS)} == {Basis.VOTES}
    (cetc,) = links("cetc", "hikvision", CONTROLS)
    assert (str(cetc.share), cetc.basis, cetc.direct) == ("41.55%", Basis.CONSOLIDATION, False)
    assert share("cethik", "hikvision", "2024-01-01") == {"38.88%"}


def test_indirect_owners_are_marked() -> None:
    (sasac,) = links("cn-sasac", "hikvision", OWNS)
    assert (sasac.direct, sasac.share.known) == (False, False)
    (avic,) = links("cn-sasac", "avic", OWNS)
    assert avic.direct is True


def test_bands_keep_their_open_ends() -> None:
    softbank, ma, naspers = LINKS["L0124"].share, LINKS["L0126"].share, LINKS["L0146"].share
    assert (softbank.low, softbank.high, softbank.high_open) == (0, PERCENT // 2, True)
    assert (ma.low, ma.high, ma.low_open) == (percent("4.3"), WHOLE, True)
    assert (naspers.low, naspers.low_open, naspers.text) == (50 * PERCENT, True, "majority")


def test_what_the_source_said_is_kept() -> None:
    assert LINKS["L0016"].share.text == "18.02% (HKEX disclosure basis)"
    assert str(LINKS["L0016"].share) == "18.02%"
    assert LINKS["L0031"].share.text == "51%"
    assert (LINKS["L0026"].share.exact, LINKS["L0027"].share.known) == (True, False)


# A bad cell


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], str]:
    """Change one text of one table and return what the load then says."""
    folder = tmp_path / "tables"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(file: str, old: str, new: str) -> str:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError) as raised:
            list(read_tables(folder))
        assert raised.value.file == file
        return str(raised.value)

    return change


VENTURE = "L0031,sensetime-group,xinjiang-jv,OWNS,51%,,shares,,joint venture partner,,2019,,,,seed,reported,"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("51%", "510%", "share '510%': more than 100 percent"),
        ("51%", "a lot", "share 'a lot': not read as a share"),
        ("2019,,,,seed", "early 2019,,,,seed", "end 'early 2019': not a date"),
        ("2019,,,,seed", "10/9/19,,,,seed", "end '10/9/19': write it 2019, 2019-04 or 2019-04-30"),
        ("OWNS", "OWN", "type 'OWN': not one of OWNS"),
        ("OWNS", "FUNDS", "type 'FUNDS': only OWNS and CONTROLS have a share"),
        ("xinjiang-jv", "xinjiang-jw", "target 'xinjiang-jw': not known"),
        ("seed,", ",", "sources '': must not be empty"),
        ("seed,", "sede,", "sources 'sede': 'sede' is not known"),
        ("seed,", "seed;,", "sources 'seed;': an empty or padded value"),
        ("reported", "certain", "confidence 'certain': not known"),
        (",,shares", ",,equity", "basis 'equity': not one of"),
        (",,,seed", ",5,,seed", "amount '5': an amount and its currency go together"),
        (",,,seed", ",NaN,USD,seed", "amount 'NaN': not a sum of money"),
        (",,,seed", ",five,USD,seed", "amount 'five': not a number"),
        ("L0031", "L0030", "id 'L0030': used by an earlier row"),
        ("reported,", "reported,,", "18 cells, not 17"),
    ],
)
def test_a_bad_cell_names_its_file_and_row(
    spoil: Callable[[str, str, str], str], old: str, new: str, problem: str
) -> None:
    message = spoil("links.csv", VENTURE, VENTURE.replace(old, new, 1))
    assert message.startswith(f"links.csv, row 32: {problem}")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("sources.csv", "id,title", "title,id", "row 1: the columns are not id, title"),
        ("sources.csv", "ift-hrw,", "ift-hrw,,", "cells, not 5"),
        ("entities.csv", "Inspur International Limited,Company", "Inspur,Firm", "schema 'Firm': not known"),
        ("entities.csv", "ticker:HK:0020", "tickr:HK:0020", "not scheme:value of a known scheme"),
        ("entities.csv", "export.control,1999,", "export,1999,", "'export' is not known"),
        ("listings.csv", "buaa,US-BIS-EL,2001", "buaa,US-BIS-XX,2001", "list 'US-BIS-XX': not known"),
        ("listings.csv", "buaa,US-BIS-EL,2001-05-14,,", "buaa,US-BIS-EL,2001-05-14,1999,", "end '1999'"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused(
    spoil: Callable[[str, str, str], str], file: str, old: str, new: str, problem: str
) -> None:
    assert problem in spoil(file, old, new)


def test_a_missing_or_garbled_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^sources\.csv: cannot be read"):
        list(read_tables(tmp_path))
    (tmp_path / "sources.csv").write_bytes(b"id,title,publisher,published,url\n\xff,,,,\n")
    with pytest.raises(InputError, match=r"^sources\.csv: cannot be read"):
        list(read_tables(tmp_path))


def test_the_loader_takes_no_file() -> None:
    class Named:
        name = "mine.csv"

    assert not LOADER.needs_files
    with pytest.raises(InputError, match=r"mine\.csv: the bundled graph brings its own files"):
        LOADER.read([Named()])  # type: ignore[list-item]


# Beginnings, and days of telling


def test_what_a_notice_tells_of_does_not_begin_with_it() -> None:
    of_the_notice = [link for link in LINKS.values() if str(link.period.start) == "2026-06-10"]
    assert len(of_the_notice) > 200
    assert all(link.period.told for link in of_the_notice)


def test_what_a_source_dates_itself_does() -> None:
    (sold,) = (x for x in links("sensetime-group", "xinjiang-jv", OWNS) if x.share.is_exit)
    (founded,) = links("xu-li", "sensetime-group", LinkType.FOUNDED)
    assert not sold.period.told
    assert not founded.period.told


def test_nothing_is_told_on_a_day_that_is_not_known() -> None:
    periods = [*(link.period for link in LINKS.values()), *(listing.period for listing in LISTINGS)]
    assert all(period.start.known for period in periods if period.told)


def test_a_day_of_telling_needs_a_day(spoil: Callable[[str, str, str], str]) -> None:
    message = spoil("links.csv", VENTURE, VENTURE.replace(",2019,,,,seed", ",2019,yes,,,seed"))
    assert "start_told 'yes': of no start" in message
