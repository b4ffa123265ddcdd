"""The lists the seeds name: difficulties (R9), goals (R10), problem areas (R14), conditions (R16), family roles (R7),
referral reasons (R19). A practice may add to them; the codes stay."""

from django.db import migrations

LISTS = {
    "DifficultyArea": [
        ("anger", "anger, frustration or dissatisfaction"),
        ("relationships", "forming close or lasting relationships"),
        ("pleasing", "pleasing others"),
        ("substances", "substances for confidence"),
        ("communicating", "communicating directly"),
        ("controlled", "easily controlled"),
        ("social-anxiety", "social anxiety"),
        ("loneliness", "loneliness"),
        ("manipulating", "manipulating others"),
        ("self-esteem", "low self-esteem"),
        ("trust", "trust"),
        ("other", "something else"),
    ],
    "ProblemArea": [
        ("grief", "grief"),
        ("role-disputes", "role disputes"),
        ("role-transitions", "role transitions"),
        ("interpersonal-deficits", "interpersonal deficits"),
    ],
    "Condition": [
        ("depression", "depression"),
        ("anxiety", "anxiety"),
        ("personality", "personality"),
        ("grief", "grief"),
        ("addiction", "addiction"),
    ],
    "Goal": [
        ("peer-support", "peer support"),
        ("communication", "communication"),
        ("connections", "connections"),
        ("renewed-understanding", "renewed understanding"),
        ("vulnerability", "vulnerability"),
    ],
    "FamilyRole": [
        ("golden-child", "golden child"),
        ("lost-one", "lost one"),
        ("jester", "jester"),
        ("truth-teller", "truth-teller"),
        ("hero", "hero"),
        ("scapegoat", "scapegoat"),
        ("wallflower", "wallflower"),
    ],
    "ReferralReason": [
        ("self", "self"),
        ("friend", "friend"),
        ("physician", "physician"),
        ("individual-therapist", "individual therapist"),
        ("step-down", "step-down from intensive care"),
        ("combined", "alongside individual therapy"),
    ],
}


def load(apps, schema_editor):
    for model_name, entries in LISTS.items():
        model = apps.get_model("members", model_name)
        model.objects.bulk_create(
            model(code=code, label=label, position=position) for position, (code, label) in enumerate(entries, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
