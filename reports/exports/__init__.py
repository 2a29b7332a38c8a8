"""What a report can be downloaded as. A new kind of file is one file and one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from reports.exports import csv_files, json_file, xlsx_file
from reports.exports.base import Export

EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        export.name: export
        for export in (
            xlsx_file.EXPORT,
            csv_files.STUDENTS,
            csv_files.ALERTS,
            json_file.EXPORT,
        )
    }
)
