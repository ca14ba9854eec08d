from django.apps import AppConfig


class PersonIndexConfig(AppConfig):
    name = "joinedup.person_index"
    label = "person_index"

    def ready(self) -> None:
        from joinedup.access.grounds import (
            PersonGround,
            register_person_ground,
            register_withheld,
            register_write_stop,
        )
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.core.notifications import keep_apart
        from joinedup.person_index import alerts
        from joinedup.person_index.models import withheld_ids
        from joinedup.person_index.permissions import (
            IMPORT_RECORDS,
            READ_BREAK_GLASS,
            READ_OBSERVATIONS,
            READ_PROPOSALS,
            READ_QUALITY,
            READ_RESTRICTIONS,
        )
        from joinedup.person_index.queries.break_glass import people_opened_in_emergency, refuse_writes
        from joinedup.person_index.queries.restrictions import people_guarded

        register_entry(Entry("Agencies’ files", "import_list", 65, held_by(IMPORT_RECORDS)))
        register_entry(Entry("Observations", "observations", 66, held_by(READ_OBSERVATIONS)))
        register_withheld(withheld_ids)
        register_write_stop(refuse_writes)
        register_person_ground(
            PersonGround(
                "person_index.guardian",
                "The record is restricted, and you are named as its guardian or as somebody who may see it.",
                people_guarded,
            )
        )
        register_person_ground(
            PersonGround(
                "person_index.break_glass",
                "You opened this record in an emergency, to read it, until the minute shown on every page.",
                people_opened_in_emergency,
                is_read_only=True,
            )
        )
        for kind in (alerts.MATCH_KIND, alerts.LOOK_ALIKE_KIND, alerts.EMERGENCY_KIND, alerts.RESTRICTION_KIND):
            keep_apart(kind)
        register_entry(Entry("Data quality", "quality", 67, held_by(READ_QUALITY)))
        register_entry(Entry("Matches", "review_queue", 55, held_by(READ_PROPOSALS)))
        register_entry(Entry("Restricted", "restrictions", 60, held_by(READ_RESTRICTIONS)))
        register_entry(Entry("Emergencies", "emergencies", 62, held_by(READ_BREAK_GLASS)))
