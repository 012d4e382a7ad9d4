"""
The summary of the technology review, typed word for word from the French source.

Rows by table with the columns that the source fills; what the source does not say is left blank.
"""

from __future__ import annotations

SETTINGS = {
    "title_fr": "Examen technologique",
    "period_start": 2008,
    "period_end": 2008,
    "currency": "EUR",
}
"""The source has no such settings; a workbook cannot be without them."""

LEADS = [
    "Pour résumer les recommandations faites dans le rapport principal :",
    "Représentation de la TI",
]
"""Words of the source that no table holds: a lead-in, and a title that step 1 words anew."""


def _paragraphs(words: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in words.strip().split("\n\n")]


def _numbered(words: str) -> list[tuple[str, str]]:
    found = [paragraph.partition(" ") for paragraph in _paragraphs(words)]
    return [(number, text) for number, _, text in found]


MANDATE = _paragraphs("""
Fournir un exposé clair des questions technologiques auxquelles le PNUE-CMS est confronté

Définir une méthode pour résoudre ces questions

Suggérer un cadre pour gérer les futures demandes en matière de technologie

Identifier les besoins en matière de technologie et de personnel pour l’avenir
""")
METHOD = _paragraphs("""
Les sources de renseignement pour cet examen comprennent :
""")
ISSUES = _paragraphs("""
La CMS doit faire face à un certain nombre de défis relatifs à l’acquisition de données de bonne
qualité sur les espèces migratrices, la gestion de ces données, ainsi que sur leur analyse, leur
interprétation et leur fourniture. Celles-ci sont devenues récemment plus sensibles étant donné
les pressions dues à la croissance (nombre croissant des accords, des MoU et des Parties à la
Convention) et des attentes croissantes de la technologie.
""")
STRATEGIC = _paragraphs("""
Eviter ‘de suivre le financement’, quand c’est possible, et employer la meilleure pratique pour
l’acquisition de la TI

Redéfinir la relation avec le PNUE-CMSC

Jouer un rôle plus important dans la définition, l’acquisition et la gestion de projets
technologiques

Jouer un rôle plus actif dans les activités de gestion de l’information du PNUE
""")
TACTICAL = _paragraphs("""
Le financement de projets de TI

Soutien de la TI

Projets actuels de gestion de l’information

Gestion des contacts

Accueil et fourniture de services
""")
NEXT = _paragraphs("""
Employer un gestionnaire de projet (probablement un poste de consultant à temps partiel) chargé
de diffuser ces recommandations, en faisant rapport au secrétaire exécutif.

Identifier et approuver un calendrier pour les ‘étapes suivantes’.

Un calendrier suggéré pour mettre en œuvre les recommandations est exposé ci-après. Il reflète
une séquence logique de travaux et nécessitera un certain examen en raison des activités ayant
trait à COP9 qui peuvent affecter le foyer de l’attention.
""")
EVIDENCE = [
    *zip(
        ("INT", "PUB", "CON", "WEB"),
        ("interview", "publication", "contract", "website"),
        _paragraphs("""
Des entrevues en groupe ou individuellement avec des membres du personnel de la CMS, des accords
co- installés à Bonn et au PNUE-CMSC à Cambridge

Un examen du matériel publié par la CMS et le PNUE

Une étude des contrats existants entre la CMS et les partenaires technologiques

Un examen du contenu en ligne des sites Web existants relatifs à la CMS
"""),
        strict=True,
    )
]
SUBJECTS = _numbered("""
1 Environnement institutionnel et financement

2 Environnement et soutien de la TI

3 Financement de projets

4 Relation avec le PNUE-CMSC

5 GROMS

6 Sonar 2010 (Rapports en ligne)

7 CMS-IMS

8 Gestion de la connaissance

9 Définition des besoins en général

10 Gestion des contacts

11 Demandes du PNUE

12 Stratégie TI

13 Représentation TI
""")
RECOMMENDATIONS = _numbered("""
1.1 Surveiller les occasions d’exploiter un soutien philanthropique, un financement ou un apport
en nature, de la part d’organisations commerciales

2.1 Exercer un processus d’appel d’offres et négocier SLA avec UNV

2.2 Etudier la viabilité de la création d’un réseau indépendant au sein de la CMS

2.3 Consulter le groupe d’étude TI du PNUE pour déterminer son tarif de services et de coûts

3.1 Poursuivre le financement de projets pertinents et insister sur un plus grand rôle de la CMS,
et assumer un rôle plus important dans la gestion de projets pour assurer une délivrance en temps
opportun et appropriée

3.2 Spécifier la source de financement pour des projets spécifiques de la CMS

4.1 Formaliser la relation avec un MoU en identifiant les services, les rôles et les
responsabilités

4.2 Jouer un rôle plus important dans les projets de gestion

5.1 Produire une spécification technique pour intégrer GROMS dans l’IMS de la CMS ou autres

5.2 Intégrer pleinement GROMS dans l’IMS de la CMS ou autres bases de données sur les espèces

6.1 Ne rien faire actuellement – n’entreprendre aucune action

7.1 Conserver le service de gestion de l’information actuel de la CMS – n’entreprendre aucune
action

8.1 Poursuivre un rôle pleinement actif dans le projet actuel PNUE-DELC

8.2 Encourager le développement d’un outil d’analyse pour les rapports nationaux

9.1 Déterminer les détenteurs de données et les besoins des utilisateurs pour appuyer de futures
décisions d’acquisition

10.1 Assurer un accès temporaire au système de gestion (un mois)

10.2 Faire une analyse des besoins et des vendeurs

11.1 Contacter le groupe d’étude TI du PNUE et rechercher la situation des initiatives du PNUE

11.2 Elaborer un plan pour tirer tout l’avantage possible des initiatives du PNUE concernant une
infrastructure mieux répartie et mieux orientée vers les services

12.1 Elaborer une stratégie TI appuyant les objectifs et les besoins du Secrétariat, les
initiatives du PNUE et une approche plus ciblée de la planification et de la réalisation des
projets

13.1 Employer un consultant/gestionnaire de projet TI, probablement à temps partiel mais pas à
court terme.
""")
NO_ACTION = ("6.1", "7.1")
NOTES = dict(
    _numbered("""
7.1 (N’exclut pas une possible intégration plus tard, par ex. dans un portail commun MEA KM)

13.1 N’entreprendre aucune action
""")
)
STEPS = _numbered("""
13.1 Employer un consultant/gestionnaire de projet

10.1 Assurer un accès temporaire au système de gestion

2.1 Négocier un accord de service avec UNV

11.1 Contacter le groupe d’étude TI du PNUE et rechercher la situation des initiatives du PNUE

4.1 Formaliser la relation avec un MoU identifiant les services, les rôles et les responsabilités

2.2 Etudier la possibilité d’établir un réseau indépendant viable au sein de la CMS

5.1 Elaborer des spécifications techniques pour intégrer GROMS dans l’IMS de la CMS ou autres

4.2 Assumer un rôle plus important dans les projets de gestion

8.1 Assumer un rôle pleinement actif dans le projet PNUE-DELC en cours

8.2 Encourager la mise au point d’un outil d’analyse pour les rapports nationaux

11.2 Elaborer un plan pour tirer le maximum des initiatives du PNUE en faveur d’une infrastructure
mieux répartie et orientée vers les services

10.2 Fournir une analyse des besoins et des vendeurs

5.2 Intégrer entièrement GROMS dans l’IMS de la CMS ou d’autres données sur les espèces

9.1 Déterminer les détenteurs de données et les besoins des utilisateurs pour appuyer les futures
décisions d’acquisition

12.1 Elaborer une stratégie TI appuyant les objectifs du document du secrétaire exécutif sur la
stratégie, les initiatives du PNUE et une approche plus centrée sur la planification et la
réalisation des projets

2.2 Procéder à des recherches de marché sur les options de soutien pour placer des contrats UNV et
manifester le zèle qui convient

3.1 Procéder au financement de projets pertinents, insister sur une plus grande concentration sur
la CMS et assumer un rôle plus important dans la gestion de projets pour assurer une réalisation
pertinente et en temps opportun

3.2 Spécifier et indiquer la source de financement de projets spécifiques de la CMS

1.1 Continuer à surveiller les occasions d’exploiter un soutien philanthropique, un financement ou
un apport en nature provenant d’organisations commerciales
""")
STEP_DETAILS = {
    3: {"status": "done", "result_fr": "Un accord a été signé en mai 2008"},
    16: {"note_fr": "(est-ce la même chose que la Recomm.2.2 ?)"},
}

_STATEMENTS = [
    *(("mandate", text) for text in MANDATE),
    *(("method", text) for text in METHOD),
    *(("issue", text) for text in ISSUES),
    *(("strategic", text) for text in STRATEGIC),
    *(("tactical", text) for text in TACTICAL),
    *(("next-step", text) for text in NEXT),
]

SOURCE_TWO = {
    "findings": [
        {"seq": seq, "kind": kind, "text_fr": text}
        for seq, (kind, text) in enumerate(_STATEMENTS, 1)
    ],
    "subjects": [{"point": int(point), "title_fr": title} for point, title in SUBJECTS],
    "recommendations": [
        {
            "number": number,
            "subject": int(number.partition(".")[0]),
            "text_fr": text,
            "decision": "no-action" if number in NO_ACTION else "act",
            **({"note_fr": NOTES[number]} if number in NOTES else {}),
        }
        for number, text in RECOMMENDATIONS
    ],
    "evidence": [{"code": code, "kind": kind, "title_fr": t} for code, kind, t in EVIDENCE],
    "steps": [
        {"seq": seq, "recommendation": number, "text_fr": text, **STEP_DETAILS.get(seq, {})}
        for seq, (number, text) in enumerate(STEPS, 1)
    ],
}
"""Rows by table: 18 statements, 13 subjects, 21 recommendations, 4 sources, 19 steps."""
