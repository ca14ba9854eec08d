"""What every part stands on and that knows no part: records and versions, errors, sealed tables, settings of the
partnership, messages that leave the building, and the look of the pages."""
