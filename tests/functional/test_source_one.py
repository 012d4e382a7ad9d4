"""The Secretariat's own format, typed word for word in French into a fresh French workbook."""

from __future__ import annotations

import pytest
from annexes import read_docx, read_html
from programs import cmswp, listing
from typist import Typist

TITLE = "Format de programme de travail chiffré du Secrétariat de la CMS"
PREPARED = "Secrétariat PNUE/CMS"
AREAS = [
    "Direction et gestion exécutives",
    "Coopération et partenariats inter-agences",
    "Science, données et programme marin",
    "Politiques et Accords",
    "Information, communication, sensibilisation et renforcement des capacités",
]
WORDS = """
1.1 Développer, renforcer et maintenir le site web de la CMS, incluant l’intégration d’une base
de données dorsale et d’un système de gestion du contenu dans l’optique de fournir un contenu
plus interactif, d’actualiser la présentation du site et de garantir la disponibilité en anglais,
français et espagnol. De plus, utiliser la technologie du web et des réseaux sociaux pour
développer des contenus ciblés sur des publics spécifiques tels que les professionnels de la
conservation, la presse, les points focaux nationaux, les ONG et d’autres groupes d’intérêts
particuliers.

1.2 Développer et soutenir la production d’outils en ligne (par ex. une « boîte à outils » à
l’intention des décideurs, InforMEA, un Espace de travail de la Famille CMS, le Système de
rapport en ligne, etc.) afin de d’aider les Parties dans la mise en œuvre des AEM.

1.3 Produire du matériel d’information, publications, lettres d’information, manuels, brochures,
etc. adressé à différents publics et acteurs.

1.4 Encourager une plus grande coopération entre les médias incluant l’utilisation des larges
réseaux internes et régionaux du PNUE pour renforcer la diffusion élargie des clips, interviews,
communiqués de presse de la CMS.

1.5 Entreprendre des activités et campagnes de sensibilisation incluant l’organisation
d’évènements spéciaux, des expositions, des productions multimédia, les remises de prix
Lufthansa/Museum Koenig pour des thèses, la nomination d’Ambassadeurs de la CMS et
l’encouragement d’une large participation à des activités en lien avec la conservation des
espèces migratrices.

1.6 Développer des outils de renforcement des capacités (par ex. des outils d’apprentissage en
ligne, des manuels, des guides, etc.) et entreprendre une gamme d’activités de renforcement des
capacités visant à améliorer la mise en œuvre de la Convention (par ex. formation à la
négociation, formation des points focaux nationaux, intégration des priorités de la CMS dans les
NBSAP, etc.).
"""
ACTIVITIES = [
    tuple(" ".join(paragraph.split()).split(" ", 1)) for paragraph in WORDS.strip().split("\n\n")
]
POSTS = [
    ("P1", "Administrateur chargé de l’information et du renforcement des capacités", "P-4", 90),
    ("P2", "Jeune expert associé", "P-2", 100),
    ("P3", "Jeune expert associé", "P-2", 60),
]
CODES = ["DGE", "CPI", "SDM", "POL", "ICS"]


@pytest.fixture(scope="module")
def source_one(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "source-1.xlsx"
    assert cmswp("new", path, "--lang", "fr").code == 0
    typist = Typist(path, "fr")
    typist.settings(
        title_fr=TITLE,
        period_start=2012,
        period_end=2014,
        currency="EUR",
        prepared_by_fr=PREPARED,
    )
    typist.rows("areas", [{"code": c, "title_fr": a} for c, a in zip(CODES, AREAS, strict=True)])
    typist.rows(
        "activities",
        [
            {"id": f"ICS-{n:02}", "number": number, "area": "ICS", "title_fr": text}
            for n, (number, text) in enumerate(ACTIVITIES, 1)
        ],
    )
    typist.rows(
        "sources",
        [
            {"code": "BP", "kind": "core", "title_fr": "Budget principal de la CMS"},
            {"code": "CV", "kind": "voluntary", "title_fr": "Contributions volontaires"},
        ],
    )
    typist.rows(
        "posts",
        [
            {"id": key, "title_fr": title, "grade": grade, "source": "BP" if n == 0 else "CV"}
            for n, (key, title, grade, _) in enumerate(POSTS)
        ],
    )
    typist.rows(
        "allocations", [{"post": key, "area": "ICS", "percent": p} for key, _, _, p in POSTS]
    )
    return typist.save()


@pytest.fixture(scope="module", params=["html", "docx"])
def annex(request, source_one, tmp_path_factory):
    folder = tmp_path_factory.mktemp("annex")
    done = cmswp("export", source_one, "--out", folder, "--lang", "fr")
    assert (done.code, done.err) == (0, "")
    data = (folder / f"annex.fr.{request.param}").read_bytes()
    return {"html": read_html, "docx": read_docx}[request.param](data)


def test_source_one__has_no_errors(source_one):
    report = cmswp("validate", source_one, "--format", "json").json
    assert (report["errors"], report["warnings"]) == (0, 0)
    codes = [issue["code"] for issue in report["issues"]]
    assert codes.count("not-costed") == 6
    assert "unfunded" not in codes
    assert codes.count("missing-translation") == 2 * (2 + 5 + 6 + 2 + 3)


def test_source_one__comes_out_whole_and_in_order(annex):
    assert TITLE in annex.words().replace("\u00a0", " ")
    second_level = [text for kind, text in annex.texts if kind == "h2"]
    assert second_level[:5] == AREAS
    table = next(grid for grid in annex.tables if any(row[0] == "1.1" for row in grid))
    rows = [tuple(row[:2]) for row in table[2:-1]]
    assert rows == ACTIVITIES


def test_source_one__has_the_two_level_head_of_the_source(annex):
    table = next(grid for grid in annex.tables if any(row[0] == "1.1" for row in grid))
    assert [len(row) for row in table] == [6] * len(table)
    upper, lower = ([text.replace("’", "'") for text in row] for row in table[:2])
    assert upper == [
        "N°",
        "Activité",
        "Coûts de l'activité",
        "Financement disponible",
        "",
        "Financement à rechercher",
    ]
    assert lower == [
        *("", "", ""),
        "Budget principal (proposé)",
        "Contributions volontaires",
        "",
    ]


def test_source_one__prints_blanks_as_blanks(annex):
    for grid in annex.tables:
        if len(grid[0]) >= 5:
            amounts = [row[-4:] for row in grid[2:]]
            assert amounts == [["", "", "", ""]] * len(amounts)


def test_source_one__says_in_words_that_nothing_is_costed(annex):
    table = next(grid for grid in annex.tables if any(row[0] == "1.1" for row in grid))
    assert "chiffré" in table[-1][0].casefold()
    assert "ne signifie pas" in annex.words()
    assert "▲" not in annex.everything()


def test_source_one__has_its_staff_table(annex):
    staff = next(grid for grid in annex.tables if len(grid[0]) == 3)
    assert staff[0][::2] == ["Financement", "Temps alloué\u00a0(%)"]
    assert staff[0][1].startswith("Poste")
    assert staff[1][0].startswith("Postes financés par le budget principal")
    assert staff[3][0].startswith("Postes financés par des contributions volontaires")
    lines = [row[1:] for row in (staff[2], staff[4], staff[5])]
    assert lines == [[f"{title} ({grade})", str(p)] for _, title, grade, p in POSTS]
    assert len(staff) == 6
    assert "Ressources humaines utilisées dans les domaines de programme" in annex.headings()


def test_source_one__bears_its_marks(annex):
    title = annex.texts[0][1]
    assert title.startswith("Annexe I")
    assert "Programme de travail chiffré" in title
    assert "projet)" in title


def test_source_one__extract_says_so(source_one, export):
    files = export(source_one, "--lang", "fr", "--area", "ICS")
    title = read_html(files["annex-ICS.fr.html"]).texts[0][1]
    assert title.endswith("(extrait)")


@pytest.mark.parametrize("by", ["activity", "area", "priority", "year", "source", "donor"])
def test_source_one__totals_are_blank_and_never_zero(source_one, by):
    totals = cmswp("totals", source_one, "--by", by, "--format", "json").json
    names = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
    for row in (*totals["rows"], totals["total"]):
        assert [row[name] for name in names] == [None] * 7, row
    assert totals["total"]["not_costed"] == totals["total"]["activities"] == 6


def test_source_one__totals_say_not_yet_costed(source_one):
    text = cmswp("totals", source_one, "--by", "area").out
    assert "Not yet costed" in text
    assert "0.00" not in text


def test_source_one__nothing_is_called_unfunded(source_one):
    found = cmswp("unfunded", source_one, "--format", "json").json
    assert found["rows"] == []
    assert [row["number"] for row in found["not_costed"]] == [n for n, _ in ACTIVITIES]
    assert found["total"]["to_be_sought"] is None


@pytest.mark.parametrize("languages", [["en"], ["es"], ["all"], ["fr", "en"]])
def test_source_one__export_without_its_texts_is_refused(source_one, tmp_path, languages):
    folder = tmp_path / "out"
    options = [part for language in languages for part in ("--lang", language)]
    done = cmswp("export", source_one, "--out", folder, *options)
    assert done.code == 1
    assert len(done.err.strip().splitlines()) <= 3
    assert not folder.exists() or listing(folder) == {}


def test_source_one__the_missing_texts_are_listed_at_their_cells(source_one, tmp_path):
    done = cmswp("export", source_one, "--out", tmp_path / "out", "--lang", "en")
    typist = Typist(source_one, "fr")
    places = [f"Programme {typist.place('programme', 'title_en')}"]
    for table, count in (*(("areas", 5), ("activities", 6), ("sources", 2), ("posts", 3)),):
        sheet, _ = typist.sheet(table)
        places += [
            f"{sheet.title} {typist.place(table, 'title_en', n)}" for n in range(1, count + 1)
        ]
    listed = [line for line in done.out.splitlines() if line.startswith("  ")]
    assert sorted(line.split(" · ")[0].strip() for line in listed) == sorted(places)
    assert str(len(places)) in done.err
