"""The steps from an empty file to today's archive, a file each, forward only: one that was released is never changed.

The comments in them are part of every archive, SQLite keeps them.
"""

from newsspider.archive.migrations.m001_founding import m001_founding
from newsspider.archive.migrations.m002_fixity import m002_fixity
from newsspider.archive.migrations.m003_counting import m003_counting
from newsspider.archive.migrations.m004_printed_counts import m004_printed_counts
from newsspider.archive.migrations.m005_files import m005_files
from newsspider.archive.migrations.m006_identity import m006_identity
from newsspider.archive.migrations.m007_joined import m007_joined
from newsspider.archive.migrations.m008_stuck import m008_stuck
from newsspider.archive.migrations.m010_seals import m010_seals
from newsspider.archive.migrations.m012_rules import m012_rules
from newsspider.archive.migrations.m013_search import m013_search
from newsspider.archive.migrations.m014_counts import m014_counts
from newsspider.archive.migrations.m015_looks import m015_looks
from newsspider.archive.migrations.m016_health import m016_health
from newsspider.archive.migrations.m017_former_names import m017_former_names
from newsspider.archive.migrations.m020_alerts import m020_alerts
from newsspider.archive.migrations.m021_alike import m021_alike
from newsspider.archive.migrations.m022_transcripts import m022_transcripts
from newsspider.archive.migrations.m023_failures import m023_failures
from newsspider.archive.migrations.m024_expectation import m024_expectation
from newsspider.archive.migrations.m025_questions import m025_questions

STEPS = (
    m001_founding,
    m002_fixity,
    m003_counting,
    m004_printed_counts,
    m005_files,
    m008_stuck,
    m010_seals,
    m013_search,
    m014_counts,
    m015_looks,
    m016_health,
    m017_former_names,
    m006_identity,  # landed after them
    m007_joined,
    m023_failures,
    m020_alerts,
    m021_alike,
    m025_questions,
    m012_rules,
    m024_expectation,
    m022_transcripts,
)
