"""What describes a dataset to programs: Data Package, Croissant, RO-Crate, DCAT, CITATION.cff, the codebook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.export.tables import Column, Table

if TYPE_CHECKING:
    from newsspider.export.dataset import Made

MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "txt": "text/plain",
    "gz": "application/warc",
    "cdxj": "text/plain",
}
MARK = "newsspider"  # datapackage.json: "software"
SCHEMA_ORG = "https://schema.org/"


def pages(made: Made) -> dict[str, str]:
    return {
        "datapackage.json": _json(datapackage(made)),
        "croissant.json": _json(croissant(made)),
        "ro-crate-metadata.json": _json(ro_crate(made)),
        "dcat.jsonld": _json(dcat(made)),
        "CITATION.cff": citation(made),
        "codebook.csv": codebook(made),
    }


def is_ours(folder: Path) -> bool:
    try:
        return json.loads((folder / "datapackage.json").read_text(encoding="utf-8")).get("software") == MARK
    except (OSError, ValueError, AttributeError):
        return False


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def title(made: Made) -> str:
    names = ", ".join(site["title"] or site["site"] for site in made.sites[:3])
    more = " …" if len(made.sites) > 3 else ""
    head = "高校新闻及其浏览次数" if made.wish.lang == "zh" else "University news and its view counts"
    return made.wish.title or f"{head}: {names}{more}, {made.wish.at[:10]}"


def _amount(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def description(made: Made) -> str:
    rows = made.rows
    return (
        f"{_amount(rows['articles'], 'article')}, {_amount(rows['versions'], 'version')} and "
        f"{_amount(rows['observations'], 'reading')} of view counts of {_amount(rows['sites'], 'site')}, "
        f"as the archive knew them by {made.wish.at}. README.md says how they were collected and what is missing."
    )


def licence_url(made: Made) -> str:
    return f"https://spdx.org/licenses/{made.wish.licence}"


def data_files(made: Made) -> Iterator[tuple[Table, str, str, int, str]]:
    """(table, format, path, bytes, sha256)."""
    for table in made.wish.tables:
        for kind in made.wish.formats:
            path = made.path(table.name, kind)
            if path in made.files:
                yield table, kind, path, *made.files[path]


def _media(path: str) -> str:
    return MEDIA.get(path.rpartition(".")[2], "application/octet-stream")


# Data Package v2


def datapackage(made: Made) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "newsspider-export",
        "title": title(made),
        "description": description(made),
        "version": made.wish.at[:10],
        "created": made.wish.at,
        "software": MARK,
        "softwareVersion": made.version,
        "asOf": made.wish.at,
        "licenses": [{"name": made.wish.licence, "path": licence_url(made)}],
        "contributors": [{"title": made.wish.creator, "roles": ["creator"]}],
        "sources": [{"title": site["title"] or site["site"], "path": site["homepage"]} for site in _open(made)],
        "resources": [
            _resource(made, table, kind, path, size, digest) for table, kind, path, size, digest in data_files(made)
        ],
    }


def _open(made: Made) -> list[Any]:
    """Sites whose front page is known."""
    return [site for site in made.sites if site["homepage"]]


def _resource(made: Made, table: Table, kind: str, path: str, size: int, digest: str) -> dict[str, Any]:
    first = kind == next(one for one in made.wish.formats if one in ("csv", "jsonl", "parquet"))
    about = {
        "name": table.name.replace("_", "-") + ("" if first else f"-{kind}"),
        "path": path,
        "title": table.says(made.wish.lang),
        "format": kind,
        "mediatype": MEDIA[kind],
        "bytes": size,
        "hash": f"sha256:{digest}",
    }
    # Parquet carries types itself; frictionless 5.21 takes its missing integers, and JSON Lines without a line, for wrong.
    if kind == "parquet" or (kind == "jsonl" and not made.rows[table.name]):
        return {**about, "type": "file"}
    about["rows"] = made.rows[table.name]
    encoding = "utf-8-sig" if kind == "csv" and made.wish.bom else "utf-8"
    return {**about, "type": "table", "encoding": encoding, "schema": _schema(made, table)}


def _schema(made: Made, table: Table) -> dict[str, Any]:
    lang = made.wish.lang
    return {
        "fields": [_field(made, column) for column in table.columns],
        "primaryKey": [table.column(name).named(lang) for name in table.key],
        "missingValues": [""],
    }


def _field(made: Made, column: Column) -> dict[str, Any]:
    lang = made.wish.lang
    return {
        "name": column.named(lang),
        "type": column.kind,
        "title": column.label if lang == "en" else column.name,
        "description": column.says(lang),
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": {"required": True}} if column.required else {}),
    }


# Croissant 1.0

CROISSANT = {
    "@language": "en",
    "@vocab": SCHEMA_ORG,
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": SCHEMA_ORG,
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
OF_SCHEMA_ORG = {
    "integer": "sc:Integer",
    "string": "sc:Text",
    "datetime": "sc:DateTime",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}


def croissant(made: Made) -> dict[str, Any]:
    files = list(data_files(made))
    read = next((kind for kind in ("csv", "parquet", "jsonl") if kind in made.wish.formats), None)
    return {
        "@context": CROISSANT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "newsspider-export",
        "description": f"{title(made)}. {description(made)}",
        "url": next((site["homepage"] for site in _open(made)), "https://example.org/"),
        "license": licence_url(made),
        "creator": {"@type": "sc:Organization", "name": made.wish.creator},
        "datePublished": made.wish.at[:10],
        "version": f"{made.wish.at[:10].replace('-0', '-').replace('-', '.')}",
        "citeAs": f"{made.wish.creator}: {title(made)}",
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": path,
                "name": path.rpartition("/")[2],
                "contentUrl": path,
                "contentSize": f"{size} B",
                "encodingFormat": "application/x-parquet" if kind == "parquet" else MEDIA[kind],
                "sha256": digest,
            }
            for _, kind, path, size, digest in files
        ],
        "recordSet": [_record_set(made, table, path) for table, kind, path, _, _ in files if kind == read],
    }


def _record_set(made: Made, table: Table, path: str) -> dict[str, Any]:
    lang = made.wish.lang
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.says(lang),
        "key": [{"@id": f"{table.name}/{table.column(name).name}"} for name in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{column.name}",
                "name": column.name,
                "description": column.says(lang),
                "dataType": OF_SCHEMA_ORG[column.kind],
                "source": {"fileObject": {"@id": path}, "extract": {"column": column.named(lang)}},
            }
            for column in table.columns
        ],
    }


# RO-Crate 1.1, DCAT 3


def ro_crate(made: Made) -> dict[str, Any]:
    files = [
        {
            "@id": path,
            "@type": "File",
            "name": path.rpartition("/")[2],
            "contentSize": str(size),
            "encodingFormat": _media(path),
            "sha256": digest,
        }
        for path, (size, digest) in made.files.items()
    ]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": title(made),
                "description": description(made),
                "datePublished": made.wish.at[:10],
                "license": {"@id": licence_url(made)},
                "creator": {"@id": "#creator"},
                "hasPart": [{"@id": file["@id"]} for file in files],
            },
            {"@id": "#creator", "@type": "Organization", "name": made.wish.creator},
            {"@id": licence_url(made), "@type": "CreativeWork", "name": made.wish.licence},
            {
                "@id": "#export",
                "@type": "CreateAction",
                "instrument": {"@id": "#newsspider"},
                "endTime": made.wish.at,
                "result": {"@id": "./"},
            },
            {"@id": "#newsspider", "@type": "SoftwareApplication", "name": "newsspider", "version": made.version},
            *files,
        ],
    }


def dcat(made: Made) -> dict[str, Any]:
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "./",
        "@type": "dcat:Dataset",
        "dct:title": title(made),
        "dct:description": description(made),
        "dct:issued": {"@type": "xsd:dateTime", "@value": made.wish.at},
        "dct:license": {"@id": licence_url(made)},
        "dct:creator": {"@type": "foaf:Agent", "foaf:name": made.wish.creator},
        "dct:language": sorted({site["language"] for site in made.sites if site["language"]}),
        "dct:source": [{"@id": site["homepage"]} for site in _open(made)],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": path,
                "dcat:downloadURL": {"@id": path},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{MEDIA[kind]}"},
                "dcat:byteSize": size,
                "spdx:checksum": {
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": digest,
                },
            }
            for _, kind, path, size, digest in data_files(made)
        ],
    }


# For people


def citation(made: Made) -> str:
    quoted = json.dumps  # a JSON string is one of YAML
    return f"""cff-version: 1.2.0
message: "Please cite this dataset as below; add the DOI where it is deposited."
type: dataset
title: {quoted(title(made), ensure_ascii=False)}
abstract: {quoted(description(made), ensure_ascii=False)}
authors:
  - name: {quoted(made.wish.creator, ensure_ascii=False)}
version: "{made.wish.at[:10]}"
date-released: "{made.wish.at[:10]}"
license: {made.wish.licence}
keywords:
  - university news
  - view counts
"""


def codebook(made: Made) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["table", "column", "column_zh", "type", "unit", "key", "required", "description", "description_zh"]
    )
    for table in made.wish.tables:
        for column in table.columns:
            writer.writerow(
                [
                    *(table.name, column.name, column.label, column.kind, column.unit or ""),
                    *(str(column.name in table.key).lower(), str(column.required).lower(), column.en, column.zh),
                ]
            )
    return out.getvalue()
